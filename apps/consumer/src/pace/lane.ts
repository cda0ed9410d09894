import type { SlidingLog, Start } from './sliding-log';
import type { Toll } from './toll';
import { MAX_HOLD_MS, RANK, SHARE, type Turn, type Waiter } from './turn';
import type { Sleeper } from './wake-heap';

/** A message that waits in memory, and whom to tell. */
export interface Waiting {
  waiter: Waiter;
  rank: number;
  /** What it takes of the lane's limit. */
  price: number;
  answer: (turn: Turn) => void;
  /** Once its call has begun. */
  start?: Start;
  spread?: Start;
}

/**
 * One chat of one bot: its messages in order, a line for each class, at most one of them in flight, under the chat's own
 * limit. A more urgent class passes the others, but for their share.
 */
export class Lane implements Sleeper {
  wakeAt = 0;
  heapIndex = -1;
  /** The class among the ready lanes that it stands in; -1 while it is not ready. */
  readyRank = -1;
  /** Calls it took in one turn beyond its fair one; it lets the others go first that many times. */
  debt = 0;
  busy = false;
  heldUntil = 0;
  private readonly lines: [Waiting[], Waiting[], Waiting[]] = [[], [], []];
  /** The next part of the message that went last. */
  private continued?: Waiting;
  /** Messages of more urgent classes since each had its last. */
  private readonly passedOver = [0, 0, 0];

  constructor(
    readonly key: string | symbol,
    private readonly log: SlidingLog,
    /** What a backlog may take of the bot's limit, where the chat's own limit would let it take more for a moment. */
    private readonly share?: SlidingLog,
  ) {}

  get waiting(): number {
    return this.lines.reduce((sum, line) => sum + line.length, this.continued ? 1 : 0);
  }

  /** The most urgent class (0 is highest) that waits here; -1: none. */
  get rank(): number {
    return this.continued?.rank ?? this.lines.findIndex((line) => line.length > 0);
  }

  /** Whose turn is next. */
  get head(): Waiting | undefined {
    if (this.continued) return this.continued;
    const due = this.lines.findIndex((line, rank) => line.length > 0 && this.passedOver[rank]! >= SHARE - 1);
    return this.lines[due]?.[0] ?? this.lines[this.rank]?.[0];
  }

  get toll(): Toll {
    return this.head!.waiter.toll;
  }

  /** A message as it stands in a line of this lane. */
  waitingFor(waiter: Waiter, answer: (turn: Turn) => void): Waiting {
    return { waiter, rank: RANK[waiter.priority], price: this.log.price(waiter.toll.chat), answer };
  }

  /** Takes a message at the end of its line, or answers it and all of its line that their turn is too far away. */
  join(waiting: Waiting, now: number): void {
    const { rank, waiter } = waiting;
    const at = waiter.isPatient ? this.heldUntil : this.foretell(waiting, now);
    this.lines[rank]!.push(waiting);
    if (at - now > MAX_HOLD_MS) this.evict(rank, at);
  }

  /** Puts a message back in front of its line. */
  rejoin(waiting: Waiting, now: number): void {
    if (waiting.waiter.continues) this.continued = waiting;
    else this.lines[waiting.rank]!.unshift(waiting);
    this.hold(this.heldUntil, now);
  }

  /** Takes the next message out, to be sent. */
  start(now: number): Waiting {
    const next = this.head!;
    const { rank } = next;
    if (next === this.continued) this.continued = undefined;
    else this.lines[rank]!.shift();
    for (let lower = rank + 1; lower < this.lines.length; lower++) {
      if (this.lines[lower]!.length > 0) this.passedOver[lower]!++;
    }
    this.passedOver[rank] = 0;
    next.start = this.log.record(now, next.price);
    next.spread = this.share?.record(now, this.share.price(next.price));
    this.busy = true;
    return next;
  }

  /** No call was made of what was started. */
  takeBack({ start, spread }: Waiting): void {
    if (start) this.log.takeBack(start);
    if (spread) this.share?.takeBack(spread);
  }

  /** The call that was started has left, or arrived, only then. */
  postpone({ start }: Waiting, at: number): void {
    if (start) this.log.postpone(start, at);
  }

  /** Forgets its past calls. */
  forget(): void {
    this.log.clear();
  }

  /** Counts a call of an earlier process. */
  recall(at: number, messages: number): void {
    this.log.record(at, this.log.price(messages));
  }

  /** Nothing starts before that time; who would wait for it too long in memory is told so. */
  hold(untilMs: number, now: number): void {
    this.heldUntil = Math.max(this.heldUntil, untilMs);
    if (this.heldUntil - now > MAX_HOLD_MS) for (const rank of this.lines.keys()) this.evict(rank, this.heldUntil);
  }

  /** When its next message may start; for an empty lane, when nothing is left to remember of it. */
  nextAt(now: number): number {
    if (this.busy) return Infinity;
    const { head } = this;
    if (!head) return Math.max(this.heldUntil, this.log.clearAt());
    const at = this.openAt(now, head.price);
    if (!this.share || !head.waiter.isPatient) return at;
    return Math.max(at, this.share.freeAt(now, this.share.price(head.price)));
  }

  /** When a message could start here, were it the next. */
  openAt(now: number, price = 1): number {
    return Math.max(this.heldUntil, this.log.freeAt(now, price));
  }

  /** Answers everybody who waits that it has stopped. */
  dismiss(): void {
    for (const { answer } of this.empty()) answer({ kind: 'stopped' });
  }

  /** Takes what waited for another chat that became this one, and its past. */
  absorb(other: Lane): void {
    for (const waiting of other.empty()) this.lines[waiting.rank]!.push(waiting);
    this.heldUntil = Math.max(this.heldUntil, other.heldUntil);
    this.log.absorb(other.log);
  }

  /** Hands all waiting messages out of the lane. */
  private empty(): Waiting[] {
    return [...this.takeContinued(), ...this.lines.flatMap((line) => line.splice(0))];
  }

  private takeContinued(): Waiting[] {
    const continued = this.continued ? [this.continued] : [];
    this.continued = undefined;
    return continued;
  }

  /** Roughly when a newcomer would start: the limit, and those in front. */
  private foretell({ rank, price }: Waiting, now: number): number {
    const ahead = this.lines.slice(0, rank + 1).flat();
    const sum = ahead.reduce((total, waiting) => total + waiting.price, price);
    const windows = Math.max(0, Math.ceil(sum / this.log.limit) - 1);
    return this.openAt(now, sum - windows * this.log.limit) + windows * this.log.span;
  }

  private evict(rank: number, notBefore: number): void {
    const continued = this.continued?.rank === rank ? this.takeContinued() : [];
    for (const { waiter, answer } of [...continued, ...this.lines[rank]!.splice(0)]) {
      waiter.onLater?.(notBefore);
      answer({ kind: 'later', notBefore });
    }
  }
}
