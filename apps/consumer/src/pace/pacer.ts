import type { Limits } from '@app/contracts';
import { Alarm } from './alarm';
import type { Clock } from './clock';
import { Lane, type Place } from './lane';
import { isGroup } from './lane-key';
import { ReadyLanes } from './ready-lanes';
import { SlidingLog } from './sliding-log';
import type { Hold, Turn, Waiter } from './turn';
import { WakeHeap } from './wake-heap';

/**
 * What each window is longer than documented, in milliseconds. Calls leave in time but arrive with the network's
 * jitter, and Telegram counts arrivals. Costs 3 % of the rate at 30/1s.
 */
const MARGIN_MS = 30;

const RANK = { high: 0, normal: 1, bulk: 2 } as const;

export interface PacerOptions {
  marginMs?: number;
}

/**
 * Decides when the next message of which chat of one bot may go: as fast as the limits allow and never faster, in order
 * within each chat, fairly between chats, and never earlier than Telegram said.
 *
 * A lane that is ready now is chosen first, and only then the bot's own limit is taken, so no chat that must wait holds
 * back one that could go. A message that waits for nothing but the bot's limit is not parked: it could not go sooner
 * from the broker, and the prefetch bounds how many there are (30/1s and a prefetch of 1,000: 34 s).
 */
export class Pacer {
  private readonly byKey = new Map<string | symbol, Lane>();
  private readonly ready = new ReadyLanes();
  private readonly asleep = new WakeHeap<Lane>();
  private readonly log: SlidingLog;
  private readonly marginMs: number;
  private heldUntil = 0;
  private readonly alarm: Alarm;
  private stopping?: { done: Promise<void>; resolve(): void };
  private flying = 0;
  private inMemory = 0;

  constructor(
    private readonly limits: Limits,
    private readonly clock: Clock,
    options: PacerOptions = {},
  ) {
    this.marginMs = options.marginMs ?? MARGIN_MS;
    this.log = new SlidingLog(limits.global, this.marginMs);
    this.alarm = new Alarm(clock, () => this.advance(clock.now()));
  }

  /** Calls to Telegram that have begun and not ended. */
  get inFlight(): number {
    return this.flying;
  }

  /** Messages waiting in memory. */
  get waiting(): number {
    return this.inMemory;
  }

  /** Chats that something is remembered of. */
  get lanes(): number {
    return this.byKey.size;
  }

  /**
   * Waits for the message's turn. `later` comes at once, `go` and `stopped` when their time has come; a message that
   * waits already is answered `later` as soon as a hold puts its turn further away than `MAX_HOLD_MS`.
   * @throws RangeError for a cost below 1 or numbers that are none
   */
  turn(waiter: Waiter): Promise<Turn> {
    mustBe(waiter.cost >= 1 && Number.isFinite(waiter.cost), 'cost must be at least 1');
    mustBe(Number.isFinite(waiter.order), 'order must be a number');
    mustBe(Number.isFinite(waiter.notBefore ?? 0), 'notBefore must be a time');
    if (this.stopping) return Promise.resolve({ kind: 'stopped' });
    return new Promise((answer) => {
      const now = this.clock.now();
      const lane = this.laneOf(waiter.lane);
      this.inMemory += lane.join(waiter, RANK[waiter.priority], answer, now, Math.max(now, this.heldUntil));
      this.settle(lane, now);
      this.advance(now);
    });
  }

  /**
   * Lets a chat or the whole bot wait, on word from outside: a deadline of before a restart, an operator. Of several
   * holds the longest counts.
   * @throws RangeError for a chat hold without a lane and for an `untilMs` that is no time
   */
  hold(hold: { scope: 'chat'; lane: string; untilMs: number } | { scope: 'bot'; untilMs: number }): void {
    mustBe(Number.isFinite(hold.untilMs), 'untilMs must be a time');
    mustBe(hold.scope === 'bot' || hold.lane !== '', 'a chat hold needs a lane');
    if (this.stopping) return;
    const now = this.clock.now();
    if (hold.scope === 'bot') this.holdBot(hold.untilMs, now);
    else this.holdLane(this.laneOf(hold.lane), hold.untilMs, now);
    this.advance(now);
  }

  /** Gives up the place of a parked message that will not come back (cancelled, expired), so that its chat goes on at once. */
  forget(lane: string, order: number): void {
    const parked = this.byKey.get(lane);
    if (!parked?.forget(order)) return;
    const now = this.clock.now();
    this.settle(parked, now);
    this.advance(now);
  }

  /** Ends pacing: every waiting and every further turn is `stopped`. Resolves when no call is in flight any more. */
  stop(): Promise<void> {
    if (this.stopping) return this.stopping.done;
    let resolve = (): void => undefined;
    const done = new Promise<void>((resolved) => (resolve = resolved));
    this.stopping = { done, resolve };
    this.alarm.cancel();
    for (const lane of this.byKey.values()) lane.answerAll({ kind: 'stopped' });
    this.inMemory = 0;
    if (this.flying === 0) resolve();
    return done;
  }

  private laneOf(key: string): Lane {
    const known = this.byKey.get(key);
    if (known) return known;
    const rate = isGroup(key) ? this.limits.group : this.limits.private;
    // A message of no chat gets a lane of its own, which nobody else finds and no limit slows.
    const lane = key
      ? new Lane(key, new SlidingLog(rate, this.marginMs))
      : new Lane(Symbol(), new SlidingLog({ limit: Infinity, windowMs: 0 }, 0));
    this.byKey.set(lane.key, lane);
    return lane;
  }

  private holdBot(untilMs: number, now: number): void {
    if (untilMs <= this.heldUntil) return;
    this.heldUntil = untilMs;
    for (const lane of this.byKey.values()) this.replan(lane, now);
  }

  private holdLane(lane: Lane, untilMs: number, now: number): void {
    lane.heldUntil = Math.max(lane.heldUntil, untilMs);
    this.replan(lane, now);
  }

  private replan(lane: Lane, now: number): void {
    this.inMemory -= lane.replan(now, Math.max(now, this.heldUntil));
    this.settle(lane, now);
  }

  /** Puts the lane where it belongs: among the ready, asleep until something can happen, or away. */
  private settle(lane: Lane, now: number): void {
    lane.forgetLost(now);
    const at = lane.nextAt(now);
    if (lane.head && at <= now) {
      this.asleep.delete(lane);
      this.ready.add(lane);
      return;
    }
    this.ready.delete(lane);
    const over = typeof lane.key === 'symbol' ? !lane.head && !lane.busy : at <= now;
    if (over || at === Infinity) this.asleep.delete(lane);
    else this.asleep.set(lane, at);
    if (over) this.byKey.delete(lane.key);
  }

  /** Starts all that can start now, and sets the alarm for the next moment at which something can. */
  private advance(now: number): void {
    if (this.stopping) return;
    for (let lane = this.asleep.first; lane && lane.wakeAt <= now; lane = this.asleep.first) this.settle(lane, now);
    let next = this.asleep.first?.wakeAt ?? Infinity;
    for (let lane = this.ready.first(); lane; lane = this.ready.first()) {
      const at = Math.max(this.heldUntil, this.log.freeAt(now, this.log.price(lane.head!.cost)));
      if (at > now) {
        next = Math.min(next, at);
        break;
      }
      this.start(lane, now);
    }
    if (next < Infinity) this.alarm.set(next, now);
  }

  private start(lane: Lane, now: number): void {
    const { cost, taker } = lane.head!;
    this.ready.took(lane, this.log.price(cost));
    const place = lane.start(now);
    this.log.record(now, this.log.price(cost));
    this.inMemory--;
    this.flying++;
    let ended = false;
    taker!.answer({
      kind: 'go',
      end: (hold) => {
        mustBe(!ended, 'a turn ends once');
        mustBe(Number.isFinite(hold?.untilMs ?? 0), 'untilMs must be a time');
        ended = true;
        this.end(lane, place, hold);
      },
    });
  }

  private end(lane: Lane, place: Place, hold?: Hold): void {
    this.flying--;
    if (this.stopping) {
      if (this.flying === 0) this.stopping.resolve();
      return;
    }
    const now = this.clock.now();
    lane.busy = false;
    if (hold) {
      lane.expect(place, Math.max(now, hold.untilMs));
      if (hold.scope === 'bot') this.holdBot(hold.untilMs, now);
      else lane.heldUntil = Math.max(lane.heldUntil, hold.untilMs);
    }
    this.replan(lane, now);
    this.advance(now);
  }
}

function mustBe(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule);
}
