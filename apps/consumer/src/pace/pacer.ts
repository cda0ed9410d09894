import type { Limits } from '@app/contracts';
import { BotLimit } from './bot-limit';
import type { Clock } from './clock';
import { Dispatch } from './dispatch';
import { Lanes } from './lanes';
import { mustBe, mustBeWhole, type Turn, type Waiter } from './turn';

/**
 * What each window is longer than documented, in milliseconds: timers and clocks of two hosts run apart by less. The
 * network's jitter is not in it, since each call counts from when it may have arrived. Costs 1 % of the rate at 30/1s.
 */
const MARGIN_MS = 10;

/** A call that an earlier process began: it still counts. */
export interface Recalled {
  lane: string;
  at: number;
  messages: number;
}

export interface PacerOptions {
  /** Instead of 10 ms. */
  marginMs?: number;
}

/**
 * Decides when the next message of which chat of one bot may go: as fast as the limits allow and never faster, in order
 * within each chat, fairly between chats, and never earlier than Telegram said.
 *
 * A lane that is ready now is chosen first, and only then the bot's own limit is taken, so no chat that must wait holds
 * back one that could go. A message that waits for nothing but the bot's limit stays: it could not go sooner from the
 * broker, and the prefetch bounds how many there are.
 */
export class Pacer {
  private readonly dispatch: Dispatch;

  constructor(
    limits: Limits,
    private readonly clock: Clock,
    { marginMs = MARGIN_MS }: PacerOptions = {},
  ) {
    this.dispatch = new Dispatch(new Lanes(limits, marginMs), new BotLimit(limits.global, marginMs), clock);
  }

  private get chats(): Lanes {
    return this.dispatch.chats;
  }

  private get bot(): BotLimit {
    return this.dispatch.bot;
  }

  /** Calls to Telegram that have begun and not ended. */
  get inFlight(): number {
    return this.dispatch.flying;
  }

  /** Messages waiting in memory. */
  get waiting(): number {
    let sum = 0;
    for (const lane of this.chats.all()) sum += lane.waiting;
    return sum;
  }

  /** Chats that something is remembered of. */
  get lanes(): number {
    return this.chats.size;
  }

  /** Calls in any window of the bot's limit, as it is used now. */
  get rate(): number {
    return this.bot.throttle.rate(this.clock.now());
  }

  /** For how many milliseconds nothing of the bot may start; Infinity: nobody knows. */
  get heldForMs(): number {
    return this.bot.isHalted ? Infinity : Math.max(0, this.bot.heldUntil - this.clock.now());
  }

  /**
   * Waits for the message's turn. `later` comes at once, `go` and `stopped` when their time has come; a message that
   * waits already is answered `later` as soon as its chat is held for longer than `MAX_HOLD_MS`.
   * @throws RangeError for a toll below 1 or numbers that are none
   */
  turn(waiter: Waiter): Promise<Turn> {
    mustBeWhole(waiter);
    return this.dispatch.enter(waiter, (lane, waiting, now) => lane.join(waiting, now));
  }

  /** For how many milliseconds no message of that chat could start; Infinity while the bot is halted. */
  closedForMs(lane: string): number {
    const now = this.clock.now();
    const chat = this.chats.known(lane)?.openAt(now) ?? 0;
    return Math.max(0, this.heldForMs, chat - now);
  }

  /** Lets a chat wait, on word from outside: a deadline of before a restart, a back-off. @throws RangeError for a time that is none */
  holdChat(key: string, untilMs: number): void {
    mustBe(Number.isFinite(untilMs), 'untilMs must be a time');
    mustBe(key !== '', 'a hold needs a lane');
    const now = this.clock.now();
    this.dispatch.holdLane(this.chats.of(key), untilMs, now);
    this.dispatch.advance(now);
  }

  /** Lets the whole bot wait. Of several holds the longest counts. @throws RangeError for a time that is none */
  holdBot(untilMs: number): void {
    mustBe(Number.isFinite(untilMs), 'untilMs must be a time');
    this.bot.hold(untilMs);
    this.dispatch.advance(this.clock.now());
  }

  /** Begins nothing until `resume`. */
  halt(): void {
    this.bot.isHalted = true;
  }

  resume(): void {
    this.bot.isHalted = false;
    this.dispatch.advance(this.clock.now());
  }

  /**
   * Counts the calls that are on record, whoever made them, the oldest first, so that the limits hold in total; they take the
   * place of what it knows itself.
   */
  recall(calls: readonly Recalled[]): void {
    const now = this.clock.now();
    this.bot.forget();
    for (const lane of this.chats.all()) lane.forget();
    for (const { lane: key, at, messages } of calls) {
      this.bot.recall(at, messages);
      if (key === '') continue;
      const lane = this.chats.of(key);
      lane.recall(at, messages);
      this.chats.settle(lane, now);
    }
    this.dispatch.advance(now);
  }

  /** Hands all waiting messages back as `stopped`; what is in flight goes on, and so does pacing. */
  clear(): void {
    const now = this.clock.now();
    for (const lane of [...this.chats.all()]) {
      lane.dismiss();
      this.chats.settle(lane, now);
    }
  }

  /**
   * Ends pacing: every waiting and every further turn is `stopped`. Resolves when no call is in flight any more. Who waits
   * behind a call in flight hears it when that has ended: another instance must not send before then.
   */
  stop(): Promise<void> {
    return this.dispatch.stop();
  }
}
