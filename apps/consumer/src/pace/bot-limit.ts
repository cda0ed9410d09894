import { paidBroadcast, type Rate } from '@app/contracts';
import { SlidingLog, type Start } from './sliding-log';
import { Throttle } from './throttle';
import type { Toll } from './toll';
import { RANK } from './turn';

/** In a tenth of the window bulk may take a tenth of the limit and one more. */
const TENTH = 10;

/** What the bot as a whole may do: its limit over all chats, and the wait that Telegram told all of it. */
export class BotLimit {
  /** Epoch milliseconds before which nothing of the bot starts. */
  heldUntil = 0;
  /** Nothing starts, until somebody says otherwise: Telegram is out of reach, or the token is wrong. */
  isHalted = false;
  /** One call at a time, until Telegram takes one. */
  isProbing = false;
  readonly throttle: Throttle;
  private readonly log: SlidingLog;
  private readonly paid: SlidingLog;
  /** Price of the calls that have their turn and have not left yet: nobody knows when they will count, only that. */
  private readonly leaving = new Map<SlidingLog, number>();
  /**
   * Spreads bulk over the window. Sent as fast as the limit allows it would take all 30 slots in one moment, and a high
   * message of the next would wait for a whole window; spread, slots come free all the time.
   */
  private readonly bulk: SlidingLog;

  constructor(rate: Rate, marginMs: number) {
    this.log = new SlidingLog(rate, marginMs);
    this.paid = new SlidingLog(paidBroadcast, marginMs);
    this.throttle = new Throttle(rate.limit);
    const share = Math.ceil(rate.limit / TENTH) + 1;
    this.bulk = new SlidingLog({ limit: share, windowMs: this.log.span / TENTH }, 0);
  }

  hold(untilMs: number): void {
    this.heldUntil = Math.max(this.heldUntil, untilMs);
  }

  /** The earliest time, not before `now`, for a call of this class and toll; Infinity: once something else has happened. */
  freeAt(now: number, rank: number, { bot, paid }: Toll, flying: number): number {
    if (this.isHalted || (this.isProbing && flying > 0)) return Infinity;
    const log = this.logOf(paid);
    const limit = paid ? log.limit : this.throttle.rate(now);
    const leaving = this.leaving.get(log) ?? 0;
    const price = Math.min(bot, limit) + leaving;
    if (price > limit && leaving > 0) return Infinity;
    const free = Math.max(this.heldUntil, log.freeAt(now, price, limit));
    if (rank !== RANK.bulk || paid) return free;
    return Math.max(free, this.bulk.freeAt(now, this.bulk.price(bot)));
  }

  /** @returns what takes it back, where no call is made after all */
  start(now: number, rank: number, { bot, paid }: Toll): () => void {
    const price = this.logOf(paid).price(bot);
    this.leave(paid, price);
    const spread = rank === RANK.bulk && !paid ? this.bulk.record(now, this.bulk.price(bot)) : undefined;
    return () => {
      this.leave(paid, -price);
      if (spread) this.bulk.takeBack(spread);
    };
  }

  /** A call that was started has left. */
  left(now: number, { bot, paid }: Toll): Start {
    const price = this.logOf(paid).price(bot);
    this.leave(paid, -price);
    return this.logOf(paid).record(now, price);
  }

  /** A call that has left may have arrived only then. */
  postpone(start: Start, at: number, { paid }: Toll): void {
    this.logOf(paid).postpone(start, at);
  }

  /** Forgets the past calls. */
  forget(): void {
    this.log.clear();
  }

  /** Counts a call of an earlier process. */
  recall(at: number, messages: number): void {
    this.log.record(at, this.log.price(messages));
  }

  private logOf(paid: boolean): SlidingLog {
    return paid ? this.paid : this.log;
  }

  private leave(paid: boolean, price: number): void {
    const log = this.logOf(paid);
    this.leaving.set(log, (this.leaving.get(log) ?? 0) + price);
  }
}
