import type { Clock } from './clock';

/** The longest time that a Node timer can be set to, 2^31 - 1 ms: it rings early then and is set again. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The one timer of a pacer. */
export class Alarm {
  private due = Infinity;
  private cancelTimer = (): void => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** Rings at `at` or before. One that is set too early stays: ringing for nothing costs less than a new timer a turn. */
  set(at: number, now: number): void {
    if (at >= this.due) return;
    this.cancelTimer();
    this.due = at;
    this.cancelTimer = this.clock.timer(Math.min(at - now, LONGEST_TIMER_MS), () => {
      this.due = Infinity;
      this.ring();
    });
  }

  cancel(): void {
    this.cancelTimer();
  }
}
