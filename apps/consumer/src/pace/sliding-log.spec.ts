import * as fc from 'fast-check';
import { SlidingLog } from './sliding-log';

describe(SlidingLog.name, () => {
  it('never has more than its limit in any window, and starts each as early as that allows', () => {
    const work = fc.array(fc.record({ wait: fc.nat(400), cost: fc.integer({ min: 1, max: 12 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(work, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 500 }), (calls, limit, windowMs) => {
        const log = new SlidingLog({ limit, windowMs }, 0);
        const starts: { at: number; cost: number }[] = [];
        const usedAt = (at: number) =>
          starts.filter((start) => start.at > at - windowMs).reduce((sum, { cost }) => sum + cost, 0);
        let now = 0;
        for (const call of calls) {
          now += call.wait;
          const cost = log.price(call.cost);
          const at = log.freeAt(now, cost);
          expect(usedAt(at) + cost).toBeLessThanOrEqual(limit);
          if (at > now) expect(usedAt(at - 1) + cost).toBeGreaterThan(limit);
          log.freeAt(at, cost);
          log.record(at, cost);
          starts.push({ at, cost });
          now = at;
        }
      }),
    );
  });

  it('remembers no start longer than it counts', () => {
    const log = new SlidingLog({ limit: 2, windowMs: 100 }, 10);
    log.record(0, 2);
    expect([log.clearAt(), log.freeAt(50, 1), log.freeAt(110, 2), log.clearAt()]).toEqual([110, 110, 110, 0]);
  });
});
