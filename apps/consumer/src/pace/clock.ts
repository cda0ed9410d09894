/** Time as the pacer sees it; passed in, so that an hour of waiting is tried in a millisecond. */
export interface Clock {
  /**
   * Milliseconds since the epoch. Must not jump: a leap forward would open every window at once, so a process passes
   * `performance.timeOrigin + performance.now()` and not the wall clock.
   */
  now(): number;
  /** Calls `fn` once after `ms` milliseconds; the answer cancels it. Firing a little early or late does no harm. */
  timer(ms: number, fn: () => void): () => void;
}
