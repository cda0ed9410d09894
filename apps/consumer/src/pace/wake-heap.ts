/** Something to be woken at a time. The heap keeps `heapIndex`; -1 means it is not in it. */
export interface Sleeper {
  wakeAt: number;
  heapIndex: number;
}

/** Sleepers by the time they wake: a binary heap that can also drop or move one of them, in O(log n). */
export class WakeHeap<T extends Sleeper> {
  private readonly items: T[] = [];

  get first(): T | undefined {
    return this.items[0];
  }

  /** Adds the sleeper, or moves it where it is in already. */
  set(sleeper: T, wakeAt: number): void {
    sleeper.wakeAt = wakeAt;
    if (sleeper.heapIndex < 0) {
      sleeper.heapIndex = this.items.length;
      this.items.push(sleeper);
    }
    this.settle(sleeper);
  }

  delete(sleeper: T): void {
    if (sleeper.heapIndex < 0) return;
    const last = this.items.pop()!;
    if (last !== sleeper) {
      this.put(last, sleeper.heapIndex);
      this.settle(last);
    }
    sleeper.heapIndex = -1;
  }

  private settle(sleeper: T): void {
    this.rise(sleeper);
    this.sink(sleeper);
  }

  private rise(sleeper: T): void {
    while (sleeper.heapIndex > 0) {
      const index = sleeper.heapIndex;
      const parent = this.items[(index - 1) >> 1]!;
      if (parent.wakeAt <= sleeper.wakeAt) return;
      this.put(sleeper, parent.heapIndex);
      this.put(parent, index);
    }
  }

  private sink(sleeper: T): void {
    for (;;) {
      const index = sleeper.heapIndex;
      const left = this.items[2 * index + 1];
      const right = this.items[2 * index + 2];
      const child = right && left && right.wakeAt < left.wakeAt ? right : left;
      if (!child || sleeper.wakeAt <= child.wakeAt) return;
      this.put(sleeper, child.heapIndex);
      this.put(child, index);
    }
  }

  private put(sleeper: T, index: number): void {
    this.items[index] = sleeper;
    sleeper.heapIndex = index;
  }
}
