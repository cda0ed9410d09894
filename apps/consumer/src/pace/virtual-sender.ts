import type { Pacer } from './pacer';
import type { Hold, Turn, Waiter } from './turn';
import type { VirtualClock } from './virtual-clock';

/** One call to Telegram that the pacer allowed, and when it left. */
export interface Start extends Waiter {
  at: number;
}

/** How the world around the pacer behaves in a spec; all in milliseconds, asked for each message anew. */
export interface World {
  /** How long a call waits for its connection before it leaves. */
  connecting?: (waiter: Waiter) => number;
  /** How long Telegram takes to answer. */
  latency?: (start: Start) => number;
  /** What Telegram's answer makes wait, if anything. The message is then tried again. */
  hold?: (start: Start) => Hold | undefined;
  /** How late a parked message comes back; `undefined` if it is lost. */
  lag?: (waiter: Waiter) => number | undefined;
}

/** Stands for delivery and broker in the specs: sends on `go`, parks on `later` and comes back, and writes down all of it. */
export class VirtualSender {
  readonly starts: Start[] = [];
  readonly laters: { waiter: Waiter; at: number; notBefore: number }[] = [];
  readonly stopped: Waiter[] = [];
  sent = 0;

  constructor(
    private readonly pacer: Pacer,
    private readonly clock: VirtualClock,
    private readonly world: World = {},
  ) {}

  /** Lets a message arrive now; of what is not said it has an ordinary value. */
  arrive(message: Partial<Waiter> & { order: number }): void {
    void this.take({ lane: '7', cost: 1, priority: 'normal', ...message });
  }

  /** The order stamps of the lane's calls, as they went. */
  ordersOf(lane: string): number[] {
    return this.starts.filter((start) => start.lane === lane).map((start) => start.order);
  }

  private async take(waiter: Waiter): Promise<void> {
    const turn = await this.pacer.turn(waiter);
    const at = this.clock.now();
    if (turn.kind === 'stopped') {
      this.stopped.push(waiter);
    } else if (turn.kind === 'later') {
      this.laters.push({ waiter, at, notBefore: turn.notBefore });
      this.comeBack(waiter, turn.notBefore);
    } else {
      const connecting = this.world.connecting?.(waiter) ?? 0;
      if (connecting > 0) this.clock.timer(connecting, () => this.leave(waiter, turn));
      else this.leave(waiter, turn);
    }
  }

  private leave(waiter: Waiter, { left, end }: Extract<Turn, { kind: 'go' }>): void {
    left();
    const start = { ...waiter, at: this.clock.now() };
    this.starts.push(start);
    this.clock.timer(this.world.latency?.(start) ?? 0, () => this.answer(start, end));
  }

  private answer(start: Start, end: (hold?: Hold) => void): void {
    const hold = this.world.hold?.(start);
    end(hold);
    if (!hold) this.sent++;
    else void this.take({ ...start, notBefore: hold.untilMs });
  }

  private comeBack(waiter: Waiter, notBefore: number): void {
    const lag = this.world.lag ? this.world.lag(waiter) : 0;
    if (lag !== undefined) this.clock.timer(notBefore + lag - this.clock.now(), () => void this.take(waiter));
  }
}
