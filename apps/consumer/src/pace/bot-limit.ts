import type { Rate } from '@app/contracts';
import { SlidingLog } from './sliding-log';
import { RANK } from './turn';

/** In a tenth of the window bulk may take a tenth of the limit and one more. */
const TENTH = 10;

/** What the bot as a whole may do: its limit over all chats, and the wait that Telegram told all of it. */
export class BotLimit {
  /** Epoch milliseconds before which nothing of the bot starts. */
  heldUntil = 0;
  private readonly log: SlidingLog;
  /** Price of the calls that have their turn and have not left yet: nobody knows when they will count, only that. */
  private leaving = 0;
  /**
   * Spreads bulk over the window. Sent as fast as the limit allows it would take all 30 slots in one moment, and a high
   * message of the next would wait for a whole window; spread, slots come free all the time.
   */
  private readonly bulk: SlidingLog;

  constructor(rate: Rate, marginMs: number) {
    this.log = new SlidingLog(rate, marginMs);
    const share = Math.ceil(rate.limit / TENTH) + 1;
    this.bulk = new SlidingLog({ limit: share, windowMs: this.log.span / TENTH }, 0);
  }

  /** What a message takes of the limit. */
  price(cost: number): number {
    return this.log.price(cost);
  }

  /** The earliest time, not before `now`, for a message of this class and cost; Infinity: once another call has left. */
  freeAt(now: number, rank: number, cost: number): number {
    const price = this.leaving + this.log.price(cost);
    if (price > this.log.limit) return Infinity;
    const free = Math.max(this.heldUntil, this.log.freeAt(now, price));
    return rank === RANK.bulk ? Math.max(free, this.bulk.freeAt(now, this.bulk.price(cost))) : free;
  }

  start(now: number, rank: number, cost: number): void {
    this.leaving += this.log.price(cost);
    if (rank === RANK.bulk) this.bulk.record(now, this.bulk.price(cost));
  }

  /** A call that was started has left. */
  left(now: number, cost: number): void {
    const price = this.log.price(cost);
    this.leaving -= price;
    this.log.record(now, price);
  }
}
