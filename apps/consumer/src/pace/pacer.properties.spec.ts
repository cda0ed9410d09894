import type { Limits, Rate } from '@app/contracts';
import * as fc from 'fast-check';
import { Pacer, type Priority } from '.';
import { isGroup } from './lane-key';
import { VirtualClock } from './virtual-clock';
import { VirtualSender, type Start, type Wait } from './virtual-sender';

const LIMITS: Limits = {
  global: { limit: 10, windowMs: 1_000 },
  private: { limit: 2, windowMs: 2_000 },
  group: { limit: 5, windowMs: 10_000 },
};

interface Arrival {
  /** Milliseconds since the one before. */
  wait: number;
  lane: string;
  cost: number;
  priority: Priority;
}

const message = fc.record({
  wait: fc.oneof(fc.constant(0), fc.nat(1_500)),
  lane: fc.constantFrom('1', '2', '3', '4', '5', '6', '-1', '-2', '@c', ''),
  cost: fc.oneof(fc.constant(1), fc.constant(1), fc.integer({ min: 1, max: 15 })),
  priority: fc.constantFrom<Priority>('high', 'normal', 'bulk'),
});

/** Numbers that the world draws its latencies, waits and timer jitter from, in turn. */
const dice = fc.array(fc.nat(9_999), { minLength: 10, maxLength: 60 });

interface Given extends Wait {
  lane: string;
  /** How many calls had gone before it. */
  gone: number;
}

async function play(messages: Arrival[], rolls: number[]) {
  let rolled = 0;
  const roll = (below: number) => rolls[rolled++ % rolls.length]! % below;
  const clock = new VirtualClock(0, (ms) => (ms > 1 ? roll(6) - 1 : 0));
  const pacer = new Pacer(LIMITS, clock);
  const waits: Given[] = [];
  const wait = ({ lane }: Start): Wait | undefined => {
    const scope = (['message', 'chat', 'bot'] as const)[roll(40)];
    if (!scope || waits.length > 20) return undefined;
    const untilMs = clock.now() + (roll(4) ? roll(5_000) : roll(10_000) * 10);
    waits.push({ scope, untilMs, lane, gone: sender.starts.length });
    return { scope, untilMs };
  };
  const sender = new VirtualSender(pacer, clock, { latency: () => roll(700), wait });
  for (const [order, { wait: pause, ...rest }] of messages.entries()) {
    await clock.pass(pause);
    sender.arrive({ order, ...rest });
  }
  await clock.pass(24 * 3_600_000);
  return { clock, pacer, sender, waits };
}

/** The most that any window as long as the rate's has of these starts. */
function most(starts: Start[], { limit, windowMs }: Rate): number {
  const inWindow = (from: number) => starts.filter(({ at }) => at >= from && at < from + windowMs);
  return Math.max(0, ...starts.map(({ at }) => inWindow(at).reduce((n, { toll }) => n + Math.min(toll.bot, limit), 0)));
}

describe('Pacer, whatever comes', () => {
  it('keeps every limit, every wait and the order of each chat, and sends everything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 80 }), dice, async (messages, rolls) => {
        const { clock, pacer, sender, waits } = await play(messages, rolls);

        expect(most(sender.starts, LIMITS.global)).toBeLessThanOrEqual(LIMITS.global.limit);
        const lanes = new Set(sender.starts.map(({ lane }) => lane).filter(Boolean));
        for (const lane of lanes) {
          const rate = isGroup(lane) ? LIMITS.group : LIMITS.private;
          const starts = sender.starts.filter((start) => start.lane === lane);
          expect(most(starts, rate)).toBeLessThanOrEqual(rate.limit);
          for (const priority of ['high', 'normal', 'bulk']) {
            const orders = starts.filter((start) => start.priority === priority).map(({ order }) => order);
            expect(orders).toEqual(orders.toSorted((a, b) => a - b));
          }
        }
        for (const wait of waits) {
          const broken = sender.starts
            .slice(wait.gone)
            .filter(
              ({ at, lane }) => at < wait.untilMs && (wait.scope === 'bot' || (lane !== '' && lane === wait.lane)),
            );
          expect(broken).toEqual([]);
        }
        expect(sender.sent).toBe(messages.length);
        expect([pacer.inFlight, pacer.waiting, pacer.lanes, clock.pending]).toEqual([0, 0, 0, 0]);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('keeps every limit though calls leave late, as those that wait for a connection do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 80 }), dice, async (messages, rolls) => {
        let rolled = 0;
        const roll = (below: number) => rolls[rolled++ % rolls.length]! % below;
        const clock = new VirtualClock();
        const pacer = new Pacer(LIMITS, clock);
        const world = { connecting: () => (roll(3) ? 0 : roll(4_000)), latency: () => roll(700) };
        const sender = new VirtualSender(pacer, clock, world);
        for (const [order, { wait, ...rest }] of messages.entries()) {
          await clock.pass(wait);
          sender.arrive({ order, ...rest });
        }
        await clock.pass(24 * 3_600_000);

        expect(most(sender.starts, LIMITS.global)).toBeLessThanOrEqual(LIMITS.global.limit);
        for (const lane of new Set(sender.starts.map((start) => start.lane).filter(Boolean))) {
          const rate = isGroup(lane) ? LIMITS.group : LIMITS.private;
          expect(
            most(
              sender.starts.filter((start) => start.lane === lane),
              rate,
            ),
          ).toBeLessThanOrEqual(rate.limit);
        }
        expect(sender.sent).toBe(messages.length);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
