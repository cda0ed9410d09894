interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Most items of one transaction: bounds how long another process waits for it. */
const most = 500;

/**
 * Gathers what comes in while the last transaction is under way, or within one turn of the event loop, into the next one:
 * under load a commit serves many, and alone an item does not wait.
 *
 * @typeParam Result What each item gets, in the order of the items.
 */
export class Group<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(
    private readonly work: (items: Item[]) => Promise<Result[]>,
    /** Longest time that an item waits for others, in milliseconds, where nobody waits for the item. */
    private readonly gatherMs = 0,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.running) return;
      this.running = true;
      if (this.gatherMs > 0) setTimeout(() => void this.run(), this.gatherMs);
      else setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, most);
      try {
        const results = await this.work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, at) => resolve(results[at] as Result));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.running = false;
  }
}
