import { Alarm } from './alarm';
import type { BotLimit } from './bot-limit';
import { callOf } from './call';
import type { Clock } from './clock';
import { Floods } from './floods';
import type { Lane, Waiting } from './lane';
import { Latency } from './latency';
import type { Lanes } from './lanes';
import type { Start } from './sliding-log';
import type { Heard, Turn, Waiter } from './turn';

/** Starts what can start, and deals with what comes of it. */
export class Dispatch {
  /** Calls that have begun and not ended. */
  flying = 0;
  private readonly floods = new Floods();
  private readonly latency = new Latency();
  private readonly alarm: Alarm;
  private stopping?: { done: Promise<void>; resolve(): void };

  constructor(
    readonly chats: Lanes,
    readonly bot: BotLimit,
    private readonly clock: Clock,
  ) {
    this.alarm = new Alarm(clock, () => this.advance(clock.now()));
  }

  /** See Pacer.stop. */
  stop(): Promise<void> {
    if (this.stopping) return this.stopping.done;
    let resolve = (): void => undefined;
    const done = new Promise<void>((resolved) => (resolve = resolved));
    this.stopping = { done, resolve };
    this.alarm.cancel();
    for (const lane of this.chats.all()) if (!lane.busy) this.dismiss(lane);
    if (this.flying === 0) resolve();
    return done;
  }

  /** Puts a message into its lane, by whichever way. */
  enter(waiter: Waiter, put: (lane: Lane, waiting: Waiting, now: number) => void): Promise<Turn> {
    if (this.stopping) return Promise.resolve({ kind: 'stopped' });
    let answer!: (turn: Turn) => void;
    const turn = new Promise<Turn>((resolve) => (answer = resolve));
    const now = this.clock.now();
    const lane = this.chats.of(waiter.lane);
    put(lane, lane.waitingFor(waiter, answer), now);
    this.chats.settle(lane, now);
    this.advance(now);
    return turn;
  }

  holdLane(lane: Lane, untilMs: number, now: number): void {
    lane.hold(untilMs, now);
    this.chats.settle(lane, now);
  }

  /** Starts all that can start now, and sets the alarm for the next moment at which something can. */
  advance(now: number): void {
    if (this.stopping) return;
    let next = this.chats.wake(now);
    for (let lane = this.chats.ready.first(); lane; lane = this.chats.ready.first()) {
      const at = this.bot.freeAt(now, lane.readyRank, lane.toll, this.flying);
      if (at > now) {
        next = Math.min(next, at);
        break;
      }
      this.start(lane, now);
    }
    if (next < Infinity) this.alarm.set(next, now);
  }

  private start(lane: Lane, now: number): void {
    const { toll } = lane;
    const takeBack = this.bot.start(now, lane.readyRank, toll);
    this.chats.ready.took(lane, toll.bot);
    const started = lane.start(now);
    this.flying++;
    started.waiter.onGo?.();
    let left: Start | undefined;
    started.answer(
      callOf(started.waiter, {
        left: () => (left = this.left(lane, started)),
        landed: () => this.landed(lane),
        unspent: () => {
          takeBack();
          lane.takeBack(started);
        },
        ended: () => this.leave(lane),
        again: (waiter, notBefore) => this.goAgain(lane, waiter, notBefore),
        heard: (answer) => this.hear(lane, started, left, answer),
      }),
    );
  }

  private left(lane: Lane, started: Waiting): Start {
    const now = this.clock.now();
    const start = this.bot.left(now, started.waiter.toll);
    lane.postpone(started, now);
    this.advance(now);
    return start;
  }

  private landed(lane: Lane): void {
    this.flying--;
    lane.busy = false;
  }

  private leave(lane: Lane): void {
    const now = this.clock.now();
    if (this.stopping) this.dismiss(lane);
    else this.chats.settle(lane, now);
    this.advance(now);
  }

  private goAgain(lane: Lane, waiter: Waiter, notBefore: number): Promise<Turn> {
    const turn = this.enter(waiter, (target, waiting, now) => {
      if (waiter.lane !== '' && target !== lane) target.absorb(lane);
      target.heldUntil = Math.max(target.heldUntil, notBefore);
      target.rejoin(waiting, now);
    });
    this.leave(lane);
    return turn;
  }

  /** Answers who waits in a lane that is not busy, at the end. */
  private dismiss(lane: Lane): void {
    lane.dismiss();
    if (this.flying === 0) this.stopping?.resolve();
  }

  private hear(lane: Lane, started: Waiting, left: Start | undefined, { tookMs, retryAfterMs }: Heard): void {
    if (this.stopping) return;
    const now = this.clock.now();
    if (retryAfterMs !== undefined) this.holdLane(lane, now + retryAfterMs, now);
    else if (left && tookMs !== undefined) this.arrived(lane, started, left, now);
    this.floods.hear(this.bot, lane.key, { tookMs, retryAfterMs }, now);
    this.advance(now);
  }

  private arrived(lane: Lane, started: Waiting, left: Start, now: number): void {
    const at = left.at + this.latency.lateness(now - left.at, now);
    this.bot.postpone(left, at, started.waiter.toll);
    lane.postpone(started, at);
  }
}
