import { Pacer } from '.';
import { DOCUMENTED, bot, upTo } from './virtual-bot';

describe(Pacer.name, () => {
  describe('is fair', () => {
    it('delays a cold chat by no more than 1 s for a hot chat of 500 messages', async () => {
      const { clock, sender } = bot({ latency: () => 50 });
      for (const order of upTo(500)) sender.arrive({ order, lane: '-100' });
      await clock.pass(100);
      sender.arrive({ order: 1_000, lane: '7' });
      await clock.pass(1_000);
      expect(sender.ordersOf('7')).toEqual([1_000]);
    });

    it('delays a high message by no more than 0.4 s for a bulk backlog of 2,000 chats, whenever it comes', async () => {
      const { clock, sender } = bot({ latency: () => 50 });
      for (const order of upTo(2_000)) sender.arrive({ order, lane: String(100 + order), priority: 'bulk' });
      const delays: number[] = [];
      for (const order of upTo(100)) {
        const came = clock.now();
        sender.arrive({ order, lane: String(5_000 + order), priority: 'high' });
        await clock.pass(437);
        delays.push((sender.starts.find(({ lane }) => lane === String(5_000 + order))?.at ?? Infinity) - came);
      }
      expect(Math.max(...delays)).toBeLessThanOrEqual(400);
    });

    it('lets a high message pass the bulk of its own chat, and leaves bulk there its share', async () => {
      const { clock, sender } = bot({}, { ...DOCUMENTED, private: { limit: 100, windowMs: 10_000 } });
      for (const order of upTo(5)) sender.arrive({ order, priority: 'bulk' });
      for (const order of upTo(25)) sender.arrive({ order: 100 + order, priority: 'high' });
      await clock.pass(2_000);
      const orders = sender.ordersOf('7');
      expect(orders.slice(0, 3)).toEqual([0, 100, 101]); // The first had gone before the others came.
      expect(orders.filter((order) => order < 100)).toEqual([0, 1, 2, 3, 4]);
      expect(orders.indexOf(1)).toBe(10);
      expect(orders.filter((order) => order >= 100)).toEqual(upTo(25).map((order) => 100 + order));
    });

    it('leaves bulk a tenth of the calls under a constant stream of high messages', async () => {
      const { clock, sender } = bot();
      for (const order of upTo(600)) sender.arrive({ order, lane: String(100 + order), priority: 'high' });
      for (const order of upTo(100)) sender.arrive({ order, lane: String(1_000 + order), priority: 'bulk' });
      await clock.pass(9_900);
      const contended = sender.starts.filter(({ at }) => at > 0);
      expect(contended).toHaveLength(270);
      expect(contended.filter(({ priority }) => priority === 'bulk')).toHaveLength(27);
    });

    it('gives a chat of albums about as many of the bot’s calls as each chat of single messages', async () => {
      const roomy = { limit: 1_000, windowMs: 1_000 };
      const { clock, sender } = bot({}, { ...DOCUMENTED, private: roomy });
      for (const order of upTo(100)) sender.arrive({ order, lane: '8', cost: 10 });
      for (const order of upTo(2_000)) sender.arrive({ order, lane: String(100 + (order % 40)) });
      await clock.pass(30_000);
      const calls = (lane: string) => sender.starts.filter((s) => s.lane === lane).reduce((n, s) => n + s.toll.bot, 0);
      // An album more or less: without the others' rounds it would be 200 calls to 20.
      expect(Math.abs(calls('8') - calls('100'))).toBeLessThanOrEqual(20);
    });

    it.each(['normal', 'bulk'] as const)(
      'uses at least 97 %% of 30 calls a second for many chats of %s',
      async (priority) => {
        const { clock, sender } = bot({ latency: () => 80 });
        for (const order of upTo(1_000)) sender.arrive({ order, lane: String(1 + (order % 250)), priority });
        await clock.pass(30_000);
        expect(sender.starts.length).toBeGreaterThanOrEqual(0.97 * 30 * 30);
      },
    );
  });
});
