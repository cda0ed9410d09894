import type { Clock } from './clock';

/** Time for the specs: it stands still until told to go on, and then rings every timer on its way. */
export class VirtualClock implements Clock {
  private readonly timers = new Set<{ at: number; fn: () => void }>();

  /** @param jitter by how much a timer of so many ms rings late, or early if negative */
  constructor(
    private time = 0,
    private readonly jitter: (ms: number) => number = () => 0,
  ) {}

  now(): number {
    return this.time;
  }

  timer(ms: number, fn: () => void): () => void {
    if (ms > 2_147_483_647) throw new RangeError('a timer of Node that is longer than 2^31 - 1 ms rings at once');
    const timer = { at: this.time + Math.max(0, ms + this.jitter(ms)), fn };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Lets `ms` milliseconds pass, timer by timer, and what each sets off come to rest in between. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await rest();
    for (let timer = this.next(); timer && timer.at <= until; timer = this.next()) {
      this.time = Math.max(this.time, timer.at);
      this.timers.delete(timer);
      timer.fn();
      await rest();
    }
    this.time = until;
  }

  private next(): { at: number; fn: () => void } | undefined {
    let first: { at: number; fn: () => void } | undefined;
    for (const timer of this.timers) if (!first || timer.at < first.at) first = timer;
    return first;
  }
}

function rest(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
