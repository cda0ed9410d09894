import type { CallAnswer } from '@app/contracts';
import { Calls, Ledger, LedgerAway, type CallStanding } from '@app/ledger';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { answerOfStanding } from './answer-of-standing';
import { DoorMetrics } from './door-metrics';
import { comeBackSeconds, later, sendAnswer } from './send-answer';

/** A client that waits for the answer to its call. */
interface Client {
  reply: FastifyReply;
  timer: NodeJS.Timeout;
  isTold: boolean;
  /** Resolves once a repetition of its call may join its message. */
  leaving?: Promise<void>;
}

/** Longest wait of a client for a ledger that is away, in milliseconds. */
const ledgerPatienceMs = 1_000;

/** The clients of this producer that wait for answers: an entry and a timer each; nobody looks for an answer meanwhile. */
@Injectable()
export class Waiting implements BeforeApplicationShutdown {
  /** Name of this process among the producers. */
  readonly producer = randomUUID();
  readonly calls: Calls;
  private readonly clients = new Map<string, Client>();
  private readonly waitMs: number;
  private isStopping = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly metrics: DoorMetrics,
    @Inject(PRODUCER_SETTINGS) { botApiWait }: ProducerSettings,
  ) {
    this.waitMs = botApiWait;
    this.calls = new Calls(ledger, this.producer);
    metrics.watch(() => this.clients.size);
  }

  /** Has a client wait for the answer to that message, which is its alone now. */
  add(id: string, reply: FastifyReply): void {
    const timer = setTimeout(() => void this.timeUp(id), this.waitMs);
    const client: Client = { reply, timer, isTold: false };
    this.clients.set(id, client);
    if (reply.raw.destroyed) return void this.leave(id, client);
    reply.raw.once('close', () => this.closed(id, client));
    if (this.isStopping) void this.sendAway(id, client);
  }

  /** Resolves at once, or when a client that is leaving that message has let go of it. */
  async left(id: string): Promise<void> {
    await this.clients.get(id)?.leaving;
  }

  /** Hands an answer to whoever waits for it. Where only the ledger knows it, that is asked. */
  answered(id: string, answer: CallAnswer | undefined): void {
    const client = this.clients.get(id);
    if (!client || client.isTold || client.leaving) return;
    if (!answer) return void this.look(id, client);
    client.isTold = true;
    clearTimeout(client.timer);
    this.metrics.count(answer.ok ? 'result' : 'refusal');
    sendAnswer(client.reply, answer);
  }

  /** Nothing came of the call of that message, or nobody knows what: the client is to make it again. */
  failed(id: string, isKnown: boolean): void {
    const client = this.clients.get(id);
    if (client && !client.isTold && !client.leaving) void this.sendAway(id, client, { isForgotten: isKnown });
  }

  /** Looks for answers that were published while nobody here could hear them. */
  async lookAll(): Promise<void> {
    if (this.clients.size === 0) return;
    const all = await this.calls.all().catch(unlessAway);
    for (const { id, ...standing } of all ?? []) {
      const answer = answerOfStanding(standing);
      if (answer) this.answered(id, answer);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.clients].map(([id, client]) => this.sendAway(id, client)));
  }

  /** One last look, since what is published can get lost. */
  private async timeUp(id: string): Promise<void> {
    const client = this.clients.get(id);
    if (!client) return;
    const { heldUntil = 0 } = (await this.look(id, client)) ?? {};
    // Telegram’s own wait, where there is one: until that is over, coming back is in vain.
    const seconds = Math.ceil((heldUntil - Date.now()) / 1000);
    await this.sendAway(id, client, { seconds: Math.max(comeBackSeconds, seconds) });
  }

  private async look(id: string, client: Client): Promise<CallStanding | undefined> {
    const standing = await this.calls.look(id).catch(unlessAway);
    const answer = standing && answerOfStanding(standing);
    if (answer && this.clients.get(id) === client) this.answered(id, answer);
    return standing;
  }

  /** @param how Whether the repetition of the call is to be a new message, and when it is to come. */
  private async sendAway(
    id: string,
    client: Client,
    how: { isForgotten?: boolean; seconds?: number } = {},
  ): Promise<void> {
    if (client.isTold || client.leaving) return;
    await Promise.race([this.leave(id, client, how.isForgotten), pause(ledgerPatienceMs)]);
    this.metrics.count('later');
    sendAnswer(client.reply, later(how.seconds ?? comeBackSeconds));
  }

  /** The client got everything, or has gone; what it did not get is kept for its repetition. */
  private closed(id: string, client: Client): void {
    if (!client.leaving) void this.leave(id, client, client.isTold && client.reply.raw.writableFinished);
  }

  private leave(id: string, client: Client, isForgotten = false): Promise<void> {
    clearTimeout(client.timer);
    const step = () => (isForgotten ? this.calls.forget(id) : this.calls.leave(id));
    client.leaving = this.ledger
      .insist(step)
      .catch(unlessAway) // It closes.
      .then(() => void (this.clients.get(id) === client && this.clients.delete(id)));
    return client.leaving;
  }
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof LedgerAway)) throw error;
}
