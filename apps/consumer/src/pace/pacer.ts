import type { Limits } from '@app/contracts';
import { Alarm } from './alarm';
import { BotLimit } from './bot-limit';
import type { Clock } from './clock';
import type { Lane } from './lane';
import { Lanes } from './lanes';
import type { Place } from './place';
import { mustBe, mustBeWhole, type Hold, type Turn, type Waiter } from './turn';

/**
 * What each window is longer than documented, in milliseconds. Calls leave in time but arrive with the network's
 * jitter, and Telegram counts arrivals. Costs 3 % of the rate at 30/1s.
 */
const MARGIN_MS = 30;

export interface PacerOptions {
  /** Instead of 30 ms. */
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
  private readonly chats: Lanes;
  private readonly bot: BotLimit;
  private readonly alarm: Alarm;
  private stopping?: { done: Promise<void>; resolve(): void };
  private flying = 0;
  private inMemory = 0;

  constructor(
    limits: Limits,
    private readonly clock: Clock,
    { marginMs = MARGIN_MS }: PacerOptions = {},
  ) {
    this.chats = new Lanes(limits, marginMs);
    this.bot = new BotLimit(limits.global, marginMs);
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
    return this.chats.size;
  }

  /**
   * Waits for the message's turn. `later` comes at once, `go` and `stopped` when their time has come; a message that
   * waits already is answered `later` as soon as a hold puts its turn further away than `MAX_HOLD_MS`.
   * @throws RangeError for a cost below 1 or numbers that are none
   */
  turn(waiter: Waiter): Promise<Turn> {
    mustBeWhole(waiter);
    if (this.stopping) return Promise.resolve({ kind: 'stopped' });
    let answer!: (turn: Turn) => void;
    const turn = new Promise<Turn>((resolve) => (answer = resolve));
    const now = this.clock.now();
    const lane = this.chats.of(waiter.lane);
    this.inMemory += lane.join(waiter, answer, now, Math.max(now, this.bot.heldUntil));
    this.chats.settle(lane, now);
    this.advance(now);
    return turn;
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
    else this.holdLane(this.chats.of(hold.lane), hold.untilMs, now);
    this.advance(now);
  }

  /** Gives up the place of a parked message that will not come back (cancelled, expired), so that its chat goes on at once. */
  forget(lane: string, order: number): void {
    const parked = this.chats.known(lane);
    if (!parked?.forget(order)) return;
    const now = this.clock.now();
    this.chats.settle(parked, now);
    this.advance(now);
  }

  /**
   * Ends pacing: every waiting and every further turn is `stopped`. Resolves when no call is in flight any more. Who waits
   * behind a call in flight hears it when that has ended: another instance must not send before then.
   */
  stop(): Promise<void> {
    if (this.stopping) return this.stopping.done;
    let resolve = (): void => undefined;
    const done = new Promise<void>((resolved) => (resolve = resolved));
    this.stopping = { done, resolve };
    this.alarm.cancel();
    for (const lane of this.chats.all()) if (!lane.busy) lane.answerAll({ kind: 'stopped' });
    this.inMemory = 0;
    if (this.flying === 0) resolve();
    return done;
  }

  private holdBot(untilMs: number, now: number): void {
    if (untilMs <= this.bot.heldUntil) return;
    this.bot.heldUntil = untilMs;
    for (const lane of this.chats.all()) this.replan(lane, now);
  }

  private holdLane(lane: Lane, untilMs: number, now: number): void {
    lane.heldUntil = Math.max(lane.heldUntil, untilMs);
    this.replan(lane, now);
  }

  private replan(lane: Lane, now: number): void {
    this.inMemory -= lane.replan(now, Math.max(now, this.bot.heldUntil));
    this.chats.settle(lane, now);
  }

  /** Starts all that can start now, and sets the alarm for the next moment at which something can. */
  private advance(now: number): void {
    if (this.stopping) return;
    let next = this.chats.wake(now);
    for (let lane = this.chats.ready.first(); lane; lane = this.chats.ready.first()) {
      const at = this.bot.freeAt(now, lane.readyRank, lane.head!.cost);
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
    this.bot.start(now, lane.readyRank, cost);
    this.chats.ready.took(lane, this.bot.price(cost));
    const place = lane.start(now);
    this.inMemory--;
    this.flying++;
    let [hasLeft, ended] = [false, false];
    const left = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      const at = this.clock.now();
      this.bot.left(at, cost);
      lane.left(at, place);
      this.advance(at);
    };
    taker!.answer({
      kind: 'go',
      left,
      end: (hold) => {
        mustBe(!ended, 'a turn ends once');
        mustBe(Number.isFinite(hold?.untilMs ?? 0), 'untilMs must be a time');
        ended = true;
        left();
        this.end(lane, place, hold);
      },
    });
  }

  private end(lane: Lane, place: Place, hold?: Hold): void {
    this.flying--;
    if (this.stopping) {
      // A message that must wait is parked, and those behind it with it, so that they stay behind it.
      lane.answerAll(hold ? { kind: 'later', notBefore: hold.untilMs } : { kind: 'stopped' });
      return this.flying === 0 ? this.stopping.resolve() : undefined;
    }
    const now = this.clock.now();
    lane.busy = false;
    if (hold) {
      lane.expect(place, Math.max(now, hold.untilMs));
      if (hold.scope === 'bot') this.holdBot(hold.untilMs, now);
      // The lane's others wait behind the message in any case, so their times change with it.
      this.holdLane(lane, hold.scope === 'bot' ? 0 : hold.untilMs, now);
    } else {
      this.chats.settle(lane, now);
    }
    this.advance(now);
  }
}
