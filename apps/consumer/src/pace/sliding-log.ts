import type { Rate } from '@app/contracts';

/** A call that counts. */
export interface Start {
  at: number;
  readonly cost: number;
  /** Out of the window, and so forgotten. */
  isOver?: boolean;
}

/**
 * The starts of the last window, each remembered until it is out of it: exact, unlike fixed windows and token buckets,
 * which let up to twice the rate through at their edges (60 in one second where 30 are allowed, measured).
 * Holds at most `limit` entries.
 */
export class SlidingLog {
  readonly limit: number;
  /** How long a start counts: the window and the margin, in milliseconds. */
  readonly span: number;
  private starts: Start[] = [];
  private first = 0;
  private used = 0;

  constructor(rate: Rate, marginMs: number) {
    this.limit = rate.limit;
    this.span = rate.windowMs + marginMs;
  }

  /** What a message takes: a cost above the whole limit would never fit, so it takes all of it. */
  price(cost: number): number {
    return Math.min(cost, this.limit);
  }

  /** The earliest time, not before `now`, at which `price` fits (at most `limit`, which may be lower than the log's). */
  freeAt(now: number, price: number, limit = this.limit): number {
    this.prune(now);
    let excess = this.used + price - limit;
    let at = now;
    for (let i = this.first; excess > 0; i++) {
      const start = this.starts[i]!;
      excess -= start.cost;
      at = Math.max(at, start.at + this.span);
    }
    return at;
  }

  record(at: number, price: number): Start {
    const start = { at, cost: price };
    if (price > 0) this.starts.push(start);
    this.used += price;
    return start;
  }

  /** Takes a start back that came to nothing. */
  takeBack(start: Start): void {
    const at = start.isOver ? -1 : this.starts.indexOf(start, this.first);
    if (at < 0) return;
    this.starts.splice(at, 1);
    this.used -= start.cost;
    start.isOver = true;
  }

  /** Dates a start to a later time; one that was out of the window already is in it again. */
  postpone(start: Start, at: number): void {
    start.at = Math.max(start.at, at);
    if (!start.isOver || start.cost === 0) return;
    start.isOver = false;
    this.starts.push(start);
    this.used += start.cost;
  }

  /** Forgets everything. */
  clear(): void {
    for (const start of this.starts) start.isOver = true;
    [this.starts, this.first, this.used] = [[], 0, 0];
  }

  /** Takes over what another log remembers. */
  absorb(other: SlidingLog): void {
    this.starts = [...this.starts.slice(this.first), ...other.starts.slice(other.first)].sort((a, b) => a.at - b.at);
    this.first = 0;
    this.used += other.used;
  }

  /** When the last start is out of the window; 0 for an empty log. */
  clearAt(): number {
    const last = this.starts.at(-1);
    return last ? last.at + this.span : 0;
  }

  private prune(now: number): void {
    for (let start = this.starts[this.first]; start && start.at + this.span <= now; start = this.starts[this.first]) {
      this.used -= start.cost;
      start.isOver = true;
      this.first++;
    }
    // Cutting the array costs its length, so it is done only once half of it is dead: constant per start on average.
    if (this.first * 2 > this.starts.length) {
      this.starts = this.starts.slice(this.first);
      this.first = 0;
    }
  }
}
