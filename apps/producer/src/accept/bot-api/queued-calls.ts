import { chatId, sendMessage, type CallAnswer, type SendMessage } from '@app/contracts';
import { LedgerAway, type CallClaimed, type CallStanding } from '@app/ledger';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { Enqueue } from '../../enqueue/enqueue';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { fingerprintOf } from '../once';
import { toQueued } from '../queued';
import { answerOfStanding } from './answer-of-standing';
import { DoorMetrics, type DoorEnd } from './door-metrics';
import type { Parameters } from './read-parameters';
import { later, sendAnswer } from './send-answer';
import { comeBackSeconds, Waiting } from './waiting';

/** A call that is to become a message. */
export interface QueuedCall {
  bot: string;
  method: string;
  payload: Parameters;
}

/** Whether the queue can hold the parameters exactly as they are. */
export const fitsQueue = (payload: Parameters): boolean => sendMessage.shape.payload.safeParse(payload).success;

/** Calls that go through the queue as request and reply. */
@Injectable()
export class QueuedCalls {
  private readonly waits: boolean;

  constructor(
    private readonly enqueue: Enqueue,
    private readonly waiting: Waiting,
    private readonly metrics: DoorMetrics,
    @Inject(PRODUCER_SETTINGS) { botApiWait }: ProducerSettings,
  ) {
    this.waits = botApiWait > 0;
  }

  /**
   * Makes a call a message, or joins it to the message of an earlier call that it repeats. Once this resolves nothing but
   * the reply is held until the answer comes.
   */
  async make(call: QueuedCall, reply: FastifyReply): Promise<void> {
    const fresh = uuidv7();
    if (!this.waits) return this.queue(commandOf(fresh, call), reply);
    const claimed = await this.claim(fresh, call).catch(unlessAway);
    if (!claimed) return this.answer(reply, 'later', later(comeBackSeconds));
    const id = claimed.kind === 'joined' ? claimed.id : fresh;
    this.waiting.add(id, reply);
    const standing: CallStanding = claimed.kind === 'joined' ? claimed : {};
    const answer = answerOfStanding(standing);
    if (answer) return this.waiting.answered(id, answer);
    if (standing.status) return;
    // Where an earlier try left it open whether the broker has it, the same id once more doubles nothing.
    const problem = await this.enqueue.enqueue('message.send', [commandOf(id, call)]);
    if (problem) this.waiting.failed(id, problem !== 'unconfirmed');
  }

  /** Nobody waits: what becomes of the message can be asked by its id. */
  private async queue(command: SendMessage, reply: FastifyReply): Promise<void> {
    const problem = await this.enqueue.enqueue('message.send', [command]);
    if (problem) this.answer(reply, 'later', later(comeBackSeconds));
    else this.answer(reply, 'queued', { ok: true, result: toQueued(command) });
  }

  /** @throws LedgerAway */
  private async claim(id: string, { bot, method, payload }: QueuedCall): Promise<CallClaimed> {
    const { calls } = this.waiting;
    const fingerprint = fingerprintOf([bot, method.toLowerCase(), payload]);
    const claimed = await calls.claim({ id, fingerprint, abandoned: [] }, false);
    if (claimed.kind !== 'waited-for') return claimed;
    const waitedFor = await Promise.all(
      claimed.by.map(({ id: other, waiter }) =>
        waiter === this.waiting.producer ? this.waiting.has(other) : this.enqueue.lives(waiter),
      ),
    );
    const abandoned = claimed.by.filter((_, at) => !waitedFor[at]).map((other) => other.id);
    return calls.claim({ id, fingerprint, abandoned }, true);
  }

  private answer(reply: FastifyReply, kind: DoorEnd, answer: CallAnswer): void {
    this.metrics.count(kind);
    sendAnswer(reply, answer);
  }
}

function commandOf(id: string, { bot, method, payload }: QueuedCall): SendMessage {
  const chat = chatId.safeParse(payload.chat_id);
  return {
    ...{ version: 1, id, bot, method, payload, exact: true },
    ...(chat.success && { chat_id: chat.data }),
    ...{ priority: 'normal', on_uncertain: 'resend', created_at: Date.now() },
  };
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof LedgerAway)) throw error;
}
