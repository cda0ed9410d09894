import * as ledger from '@app/ledger';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Shift } from '../shift';
import { Guard } from '@app/guard';
import { atOnce, Post, type Posted } from './post';
import { roundOf } from './round';

/** Time between two looks for what is to be posted, in milliseconds. */
const lookMs = 200;
/** Most events of a round. A receiver that takes nothing is tried with fewer. */
const most = { fresh: 50, again: 20, whileFailing: 5 };
/** Beyond so many events that nobody wanted, it is noted that they are done with. */
const farBehind = 1_000;

/** Posts events to webhooks, by one producer at a time; each webhook has a pace of its own. */
@Injectable()
export class Courier implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Courier.name);
  private readonly stopping = new AbortController();
  private readonly rounds = new Map<string, Promise<void>>();
  private readonly shift: Shift;
  private readonly post: Post;

  constructor(
    private readonly ledger: ledger.Ledger,
    guard: Guard,
  ) {
    this.post = new Post(guard);
    this.shift = new Shift(ledger, 'webhooks', lookMs, () => this.look());
  }

  onApplicationBootstrap(): void {
    this.shift.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.rounds.values());
    await this.shift.stop();
    await this.post.close();
  }

  private async look(): Promise<void> {
    const now = Date.now();
    for (const hook of await ledger.findWebhooks(this.ledger)) {
      const isDue = hook.disabled_at === null && hook.next_at <= now && !this.rounds.has(hook.name);
      if (!isDue || this.stopping.signal.aborted) continue;
      const round = this.round(hook)
        .catch((error: unknown) => {
          const isExpected = error instanceof ledger.LedgerAway || this.stopping.signal.aborted;
          if (!isExpected) this.logger.error(error);
        })
        .finally(() => this.rounds.delete(hook.name));
      this.rounds.set(hook.name, round);
    }
  }

  private async round(hook: ledger.Webhook): Promise<void> {
    const isFailing = hook.tries > 0;
    for (let isMore = true; isMore && !this.stopping.signal.aborted;) {
      const upTo = await ledger.lastSeq(this.ledger);
      const limit = isFailing ? most.whileFailing : most.fresh;
      const wants = { limit, upTo, statuses: hook.events, chat_id: hook.chat_id ?? undefined };
      const fresh = await ledger.eventsAfter(this.ledger, hook.seq, wants);
      const again = isFailing ? [] : await ledger.dueRetries(this.ledger, hook.name, most.again);
      const isNews = fresh.length + again.length > 0 || upTo - hook.seq > farBehind;
      if (!isNews) return;
      const posted = await this.deliver(hook, [...again, ...fresh]);
      const seq = fresh.length === limit ? (fresh.at(-1)?.seq ?? upTo) : upTo;
      const round = roundOf(hook, { fresh, again, seq }, posted, Date.now());
      for (const { id } of round.dropped) this.logger.warn(`webhook ${hook.name} never took an event of message ${id}`);
      if (round.standing.disabled_why) this.logger.warn(`webhook ${hook.name} is disabled: ${round.standing.disabled_why}`); // prettier-ignore
      await ledger.noteRound(this.ledger, hook, round);
      Object.assign(hook, round.standing);
      isMore = fresh.length === limit && hook.tries === 0 && !isFailing;
    }
  }

  /** Posts several at a time, but those of one message in their order: what follows a failure is left for later. */
  private async deliver(hook: ledger.Webhook, events: ledger.StoredEvent[]): Promise<Map<number, Posted>> {
    const { signal } = this.stopping;
    const byMessage = new Map<string, ledger.StoredEvent[]>();
    for (const event of events) byMessage.set(event.message_id, [...(byMessage.get(event.message_id) ?? []), event]);
    const posted = new Map<number, Posted>();
    const left = byMessage.values();
    const worker = async () => {
      for (const ofMessage of left) {
        let before: Posted = { kind: 'taken' };
        for (const { seq, message_id, data } of ofMessage) {
          if (before.kind === 'taken') before = await this.post.send(hook, `${message_id}_${seq}`, data, signal);
          posted.set(seq, before);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, byMessage.size) }, worker));
    signal.throwIfAborted(); // What was cut off says nothing of the receiver.
    return posted;
  }
}
