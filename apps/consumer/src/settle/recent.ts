/** Messages remembered: far more than can be in hand, about 2 MB. */
const capacity = 20_000;

/**
 * What lately became of messages, for copies that come again: when the connection is lost after Telegram's answer, or
 * after a message was parked, the broker hands out the same message once more. Lives as long as the process.
 */
export class Recent {
  private readonly hops = new Map<string, number>();

  /** True when this copy is over: the message is done, or was parked after this copy was made. */
  isStale(id: string, hops: number): boolean {
    return hops < (this.hops.get(id) ?? 0);
  }

  /** The message is sent: no copy of it counts any more. A dead letter may be moved back, and is not remembered. */
  done(id: string): void {
    this.remember(id, Infinity);
  }

  /** The message was parked as a copy with so many hops: only that one counts from now on. */
  parked(id: string, hops: number): void {
    this.remember(id, hops);
  }

  private remember(id: string, hops: number): void {
    this.hops.delete(id); // So that the newest stand last and the oldest go first.
    this.hops.set(id, hops);
    if (this.hops.size > capacity) this.hops.delete(this.hops.keys().next().value as string);
  }
}
