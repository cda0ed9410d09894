import { GRACE_MS, type Place } from './place';
import type { SlidingLog } from './sliding-log';
import { MAX_HOLD_MS, RANK, type Turn, type Waiter } from './turn';
import type { Sleeper } from './wake-heap';

/** One chat of one bot: its messages in order, at most one of them in flight, under the chat's own limit. */
export class Lane implements Sleeper {
  wakeAt = 0;
  heapIndex = -1;
  /** The class among the ready lanes that it stands in; -1 while it is not ready. */
  readyRank = -1;
  /** Calls it took in one turn beyond its fair one; it lets the others go first that many times. */
  debt = 0;
  busy = false;
  heldUntil = 0;
  private places: Place[] = [];
  private readonly waitingByRank = [0, 0, 0];
  private waitingPrice = 0;
  private placesPrice = 0;
  /** No message with a higher order stamp waits in memory. */
  private lastWaiting = -Infinity;

  constructor(
    readonly key: string | symbol,
    private readonly log: SlidingLog,
  ) {}

  /** The next message where that one is in memory. */
  get head(): Place | undefined {
    return this.places[0]?.taker && this.places[0];
  }

  /** The most urgent class (0 is highest) that waits here: a bulk message in front of a high one is as urgent as that. */
  get rank(): number {
    return this.waitingByRank.findIndex((waiting) => waiting > 0);
  }

  /**
   * Takes the message's place, its old one if it was parked, and answers `later` to whomever then is too far away.
   * @param floor epoch ms before which nothing of the bot starts
   * @returns by how many the messages waiting in memory became more
   */
  join(waiter: Waiter, answer: (turn: Turn) => void, now: number, floor: number): number {
    // Messages that wait in memory behind slow calls have outdated times: their number corrects the newcomer's.
    const late = floor + Math.floor(this.waitingPrice / this.log.limit) * this.log.span;
    let index = this.indexOf(waiter.order);
    while (this.places[index]?.order === waiter.order && this.places[index]?.taker) index++;
    const returns = this.places[index]?.order === waiter.order;
    const price = this.log.price(waiter.cost);
    const place: Place = {
      order: waiter.order,
      cost: waiter.cost,
      price,
      notBefore: waiter.notBefore ?? 0,
      at: 0,
      forgetAt: Infinity,
    };
    this.placesPrice += price - (returns ? this.places[index]!.price : 0);
    this.places.splice(index, returns ? 1 : 0, place);
    place.taker = { rank: RANK[waiter.priority], answer };
    this.count(place.taker.rank, price);
    return 1 - this.replan(now, floor, index, index > 0 ? late : 0);
  }

  /** Takes the head out to be sent. */
  start(now: number): Place {
    const place = this.remove(0);
    this.log.record(now, place.price);
    this.busy = true;
    return place;
  }

  /** The call that was started has left only now. */
  left(now: number, place: Place): void {
    this.log.postpone(now, place.price);
  }

  /** Keeps the place of a message that is expected back at `until`. */
  expect(place: Place, until: number): void {
    this.places.splice(this.indexOf(place.order), 0, {
      order: place.order,
      cost: place.cost,
      price: place.price,
      notBefore: until,
      at: until,
      forgetAt: until + GRACE_MS,
    });
    this.placesPrice += place.price;
  }

  /** Gives up the place of a parked message; false if there is none. */
  forget(order: number): boolean {
    for (let i = this.indexOf(order); this.places[i]?.order === order; i++) {
      if (!this.places[i]!.taker) return this.remove(i) !== undefined;
    }
    return false;
  }

  /** Gives up the places in front whose messages did not come back. */
  forgetLost(now: number): void {
    while (this.places[0] && this.places[0].forgetAt <= now) this.remove(0);
  }

  /** When its head may start or be given up; for an empty lane, when nothing is left to remember of it. */
  nextAt(now: number): number {
    if (this.busy) return Infinity;
    const head = this.places[0];
    if (!head) return Math.max(this.heldUntil, this.log.clearAt());
    if (!head.taker) return head.forgetAt;
    return Math.max(this.heldUntil, head.notBefore, this.log.freeAt(now, head.price));
  }

  /**
   * Foretells anew, from `index` on, when each message starts, and parks those waiting that are too far away, in order.
   * Parked messages behind the last waiting one keep their times: they ask again when they are back.
   * @returns how many it parked
   */
  replan(now: number, floor: number, index = 0, atLeast = 0): number {
    let parked = 0;
    let last = Math.min(this.lastWaiting, this.places[index - 1]?.order ?? -Infinity);
    let latest = 0;
    for (let i = index; i < this.places.length; i++) {
      const place = this.places[i]!;
      if (i > index && place.order > this.lastWaiting) break;
      const at = Math.max(this.foretell(i, now, floor), i === index ? atLeast : 0);
      place.at = latest = place.taker ? at : Math.max(place.at, at);
      if (place.taker && at - now > MAX_HOLD_MS) parked += this.park(place);
      else if (place.taker) last = place.order;
    }
    this.lastWaiting = last;
    // Newcomers reckon from the last place, so that one must not be behind the times of those in front.
    const end = this.places.at(-1);
    if (end) end.at = Math.max(end.at, latest);
    return parked;
  }

  /** Answers every waiting message; for the end of the process. */
  answerAll(turn: Turn): void {
    for (const place of this.places) place.taker?.answer(turn);
  }

  /** The lane's limit, the places in front and all holds, taken together. */
  private foretell(index: number, now: number, floor: number): number {
    const place = this.places[index]!;
    const at = Math.max(floor, this.heldUntil, place.notBefore, this.places[index - 1]?.at ?? 0);
    if (this.log.hasRoom(this.placesPrice)) return at;
    let price = place.price;
    for (let i = index - 1; i >= 0; i--) {
      price += this.places[i]!.price;
      if (price > this.log.limit) return Math.max(at, this.places[i]!.at + this.log.span);
    }
    return Math.max(at, this.log.freeAt(now, price));
  }

  private park(place: Place): 1 {
    const { rank, answer } = place.taker!;
    this.count(rank, -place.price);
    place.taker = undefined;
    place.forgetAt = place.at + GRACE_MS;
    answer({ kind: 'later', notBefore: place.at });
    return 1;
  }

  private remove(index: number): Place {
    const place = this.places[index]!;
    this.places.splice(index, 1);
    this.placesPrice -= place.price;
    if (place.taker) this.count(place.taker.rank, -place.price);
    if (this.places.length === 0) this.debt = 0;
    return place;
  }

  private count(rank: number, price: number): void {
    this.waitingByRank[rank]! += Math.sign(price);
    this.waitingPrice += price;
  }

  /** Where the first place with this order stamp is or would be. */
  private indexOf(order: number): number {
    let low = 0;
    let high = this.places.length;
    if (high > 0 && this.places[high - 1]!.order < order) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle]!.order < order) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
