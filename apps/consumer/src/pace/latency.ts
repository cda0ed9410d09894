/** How long the quickest answer is remembered, in milliseconds. */
const PERIOD_MS = 30_000;
/** A call is not taken to have been under way for longer than that: what is slower was slow at Telegram's. */
const MOST_MS = 100;
/** Calls after which the quickest answer tells something: the first ones find a cold connection, and perhaps a cold server. */
const ENOUGH = 30;

/**
 * How late a call may have arrived. Telegram counts arrivals, and all that is known of one is that it was before its answer:
 * by so much as the answer came later than the quickest of the last minute.
 */
export class Latency {
  private quickest = Infinity;
  private quickestBefore = Infinity;
  private since = 0;
  private heard = 0;

  /** @param tookMs from when the call left to its answer @returns milliseconds, at most 100 */
  lateness(tookMs: number, now: number): number {
    if (now - this.since > PERIOD_MS) {
      this.quickestBefore = this.quickest;
      this.quickest = Infinity;
      this.since = now;
    }
    this.quickest = Math.min(this.quickest, tookMs);
    const usual = ++this.heard > ENOUGH ? Math.min(this.quickest, this.quickestBefore) : 0;
    return Math.min(MOST_MS, tookMs - usual);
  }
}
