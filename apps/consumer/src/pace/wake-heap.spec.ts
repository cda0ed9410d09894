import * as fc from 'fast-check';
import { WakeHeap } from './wake-heap';

describe(WakeHeap.name, () => {
  it('wakes the earliest first, whatever was moved or dropped in between', () => {
    const steps = fc.array(fc.record({ id: fc.nat(15), at: fc.option(fc.nat(100)) }), { maxLength: 100 });
    fc.assert(
      fc.property(steps, (changes) => {
        const heap = new WakeHeap();
        const sleepers = Array.from({ length: 16 }, () => ({ wakeAt: 0, heapIndex: -1 }));
        for (const { id, at } of changes) {
          if (at === null) heap.delete(sleepers[id]!);
          else heap.set(sleepers[id]!, at);
          const asleep = sleepers.filter(({ heapIndex }) => heapIndex >= 0).map(({ wakeAt }) => wakeAt);
          expect(heap.first?.wakeAt).toBe(asleep.length ? Math.min(...asleep) : undefined);
        }
      }),
    );
  });
});
