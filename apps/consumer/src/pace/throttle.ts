/** How long it must have been clean for the next step back up, in milliseconds, and how large that is. */
const CLEAN_MS = 10_000;
const STEP = 0.1;
/** Calls that were under way together tell of one and the same trouble. */
const SAME_TROUBLE_MS = 1_000;

/**
 * The part of the bot's limit that is used: less after signs of trouble, more with clean time. Nobody outside knows what
 * Telegram really allows at a moment; the documented number is what it is at best.
 */
export class Throttle {
  private share = 1;
  private loweredAt = -Infinity;
  private cleanSince = 0;

  constructor(private readonly limit: number) {}

  /** Calls a window now; at least one. */
  rate(now: number): number {
    const steps = Math.floor((now - this.cleanSince) / CLEAN_MS);
    if (steps > 0 && this.share < 1) {
      this.share = Math.min(1, this.share + steps * STEP);
      this.cleanSince += steps * CLEAN_MS;
    }
    return Math.max(1, Math.floor(this.limit * this.share + 1e-9));
  }

  /** @param factor what is left of the rate */
  lower(now: number, factor: number): void {
    const current = this.rate(now);
    this.cleanSince = now;
    if (now - this.loweredAt < SAME_TROUBLE_MS) return;
    this.loweredAt = now;
    this.share = Math.max(1, current * factor) / this.limit;
  }
}
