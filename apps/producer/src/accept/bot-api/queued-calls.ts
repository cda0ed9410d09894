import type { CallAnswer, SendMessage } from '@app/contracts';
import { LedgerAway, type CallClaimed, type CallStanding } from '@app/ledger';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { Enqueue } from '../../enqueue/enqueue';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { toQueued } from '../queued';
import { answerOfStanding } from './answer-of-standing';
import { DoorMetrics, type DoorEnd } from './door-metrics';
import { commandOf, fingerprintOfCall, type QueuedCall } from './queued-call';
import { comeBackSeconds, later, sendAnswer } from './send-answer';
import { Waiting } from './waiting';

/** The message that a call has become, and what is known of that. */
interface Claimed {
  id: string;
  standing: CallStanding;
}

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
   *
   * @returns Whether the call's files are a message's now.
   */
  async make(call: QueuedCall, reply: FastifyReply): Promise<boolean> {
    const fresh = uuidv7();
    if (!this.waits) return this.queue(commandOf(fresh, call), reply);
    const claimed = await this.claim(fresh, call, reply).catch(unlessAway);
    if (!claimed) return this.sendAway(reply);
    const { id, standing } = claimed;
    const answer = answerOfStanding(standing);
    if (answer) this.waiting.answered(id, answer);
    if (answer || standing.status) return false;
    // Where an earlier try left it open whether the broker has it, the same id once more doubles nothing.
    const problem = await this.enqueue.enqueue('message.send', [commandOf(id, call)]);
    const isOpen = problem === 'unconfirmed';
    if (problem) this.waiting.failed(id, !isOpen);
    return !problem || isOpen;
  }

  /** Nobody waits: what becomes of the message can be asked by its id. */
  private async queue(command: SendMessage, reply: FastifyReply): Promise<boolean> {
    const problem = await this.enqueue.enqueue('message.send', [command]);
    if (problem) return this.sendAway(reply) || problem === 'unconfirmed';
    this.answer(reply, 'queued', { ok: true, result: toQueued(command) });
    return true;
  }

  /** @throws LedgerAway */
  private async claim(id: string, call: QueuedCall, reply: FastifyReply): Promise<Claimed> {
    const { calls } = this.waiting;
    const claim = { id, fingerprint: fingerprintOfCall(call) };
    const claimed = await calls.claim({ ...claim, gone: [] }, false);
    if (claimed.kind !== 'waited-for') return this.take(id, claimed, reply);
    const gone = await this.goneOf(claimed.by);
    return this.take(id, await calls.claim({ ...claim, gone }, true), reply);
  }

  /** To be done in the same step in which the claim is known: until then it stands there without a client. */
  private take(fresh: string, claimed: CallClaimed, reply: FastifyReply): Claimed {
    const [id, standing] = claimed.kind === 'joined' ? [claimed.id, claimed] : [fresh, {}];
    this.waiting.add(id, reply);
    return { id, standing };
  }

  /** The producers of these calls that are gone. Clients of this one that have left have let go of theirs after this. */
  private async goneOf(calls: readonly { id: string; waiter: string }[]): Promise<string[]> {
    const { producer } = this.waiting;
    await Promise.all(calls.filter(({ waiter }) => waiter === producer).map(({ id }) => this.waiting.left(id)));
    const others = [...new Set(calls.map(({ waiter }) => waiter))].filter((waiter) => waiter !== producer);
    const live = await Promise.all(others.map((waiter) => this.enqueue.lives(waiter)));
    return others.filter((_, at) => !live[at]);
  }

  private sendAway(reply: FastifyReply): false {
    this.answer(reply, 'later', later(comeBackSeconds));
    return false;
  }

  private answer(reply: FastifyReply, kind: DoorEnd, answer: CallAnswer): void {
    this.metrics.count(kind);
    sendAnswer(reply, answer);
  }
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof LedgerAway)) throw error;
}
