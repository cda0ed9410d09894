import type { Limits } from '@app/contracts';
import { Pacer, type Turn, type Waiter } from '.';
import { VirtualClock } from './virtual-clock';

const DOCUMENTED: Limits = {
  global: { limit: 30, windowMs: 1_000 },
  private: { limit: 1, windowMs: 1_000 },
  group: { limit: 20, windowMs: 60_000 },
};

describe(Pacer.name, () => {
  it('lets one message a second into a private chat, in order', async () => {
    const clock = new VirtualClock(0);
    const pacer = new Pacer(DOCUMENTED, clock);
    const starts: [number, number][] = [];
    for (const order of [1, 2, 3]) {
      void pacer.turn({ lane: '7', order, cost: 1, priority: 'normal' }).then((turn) => {
        if (turn.kind !== 'go') return;
        starts.push([order, clock.now()]);
        turn.end();
      });
    }
    await clock.pass(5_000);
    expect(starts).toEqual([
      [1, 0],
      [2, 1_030],
      [3, 2_060],
    ]);
    expect([pacer.inFlight, pacer.waiting, pacer.lanes]).toEqual([0, 0, 0]);
  });

  it('sends the 500 messages of a hot chat away, each to a later time', async () => {
    const clock = new VirtualClock(0);
    const pacer = new Pacer(DOCUMENTED, clock);
    const laters: number[] = [];
    for (let order = 0; order < 500; order++) {
      void pacer.turn({ lane: '7', order, cost: 1, priority: 'normal' } satisfies Waiter).then((turn: Turn) => {
        if (turn.kind === 'later') laters.push(turn.notBefore);
        else if (turn.kind === 'go') turn.end();
      });
    }
    await clock.pass(0);
    expect(laters).toEqual(Array.from({ length: 490 }, (_, i) => (i + 10) * 1_030));
  });
});
