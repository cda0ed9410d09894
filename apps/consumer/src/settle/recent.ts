/** Messages remembered: far more than can be in hand, about 2 MB. */
const capacity = 20_000;

/**
 * Messages that were lately parked, for copies that come again: when the connection is lost just then, the broker hands
 * out the same message once more, which would not wait. What was sent is in the ledger. Lives as long as the process.
 */
export class Recent {
  private readonly hops = new Map<string, number>();

  /** True when the message was parked after this copy was made. */
  isStale(id: string, hops: number): boolean {
    return hops < (this.hops.get(id) ?? 0);
  }

  /** The message was parked as a copy with so many hops: only that one counts from now on. */
  parked(id: string, hops: number): void {
    this.hops.delete(id); // So that the newest stand last and the oldest go first.
    this.hops.set(id, hops);
    if (this.hops.size > capacity) this.hops.delete(this.hops.keys().next().value as string);
  }
}
