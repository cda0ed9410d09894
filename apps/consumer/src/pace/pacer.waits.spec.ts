import { MAX_HOLD_MS, Pacer } from '.';
import { bot, upTo } from './virtual-bot';

const HOUR = 3_600_000;

describe(Pacer.name, () => {
  describe('obeys Telegram’s waits', () => {
    it('keeps a chat still for its retry_after and lets the others go', async () => {
      let refused = 0;
      const hold = () => (refused++ ? undefined : { scope: 'chat' as const, untilMs: 7_200_000 });
      const { clock, sender } = bot({ hold });
      sender.arrive({ order: 1 });
      await clock.pass(10);
      sender.arrive({ order: 2 });
      sender.arrive({ order: 1, lane: '8' });
      await clock.pass(7_199_989);
      expect(sender.starts.map(({ lane, order }) => [lane, order])).toEqual([
        ['7', 1],
        ['8', 1],
      ]);
      await clock.pass(2_000);
      expect(sender.starts.slice(2).map(({ order, at }) => [order, at])).toEqual([
        [1, 7_200_000],
        [2, 7_201_030],
      ]);
    });

    it('never shortens a wait by a later, shorter one', async () => {
      const { clock, pacer, sender } = bot();
      pacer.hold({ scope: 'chat', lane: '7', untilMs: 9_000 });
      pacer.hold({ scope: 'chat', lane: '7', untilMs: 2_000 });
      pacer.hold({ scope: 'bot', untilMs: 8_000 });
      pacer.hold({ scope: 'bot', untilMs: 1_000 });
      sender.arrive({ order: 1 });
      sender.arrive({ order: 1, lane: '8' });
      await clock.pass(20_000);
      expect(sender.starts.map(({ lane, at }) => [lane, at])).toEqual([
        ['8', 8_000],
        ['7', 9_000],
      ]);
    });

    it('keeps a wait of 60 days, longer than any timer of Node', async () => {
      const until = 60 * 24 * HOUR;
      const { clock, pacer, sender } = bot({ lag: () => undefined });
      pacer.hold({ scope: 'bot', untilMs: until });
      sender.arrive({ order: 1, lane: '8' });
      await clock.pass(until - 5_000);
      sender.arrive({ order: 1 });
      await clock.pass(5_000);
      expect(sender.laters.map(({ notBefore }) => notBefore)).toEqual([until]);
      expect(sender.starts.map(({ lane, at }) => [lane, at])).toEqual([['7', until]]);
    });

    it('parks all that wait in a chat at once, in order, when Telegram says wait an hour', async () => {
      const { clock, pacer, sender } = bot();
      for (const order of upTo(6)) sender.arrive({ order });
      await clock.pass(100);
      pacer.hold({ scope: 'chat', lane: '7', untilMs: HOUR });
      await clock.pass(0);
      expect(sender.laters.map(({ waiter }) => waiter.order)).toEqual([1, 2, 3, 4, 5]);
      expect(sender.laters.map(({ notBefore }) => notBefore)).toEqual(upTo(5).map((i) => HOUR + i * 1_030));
      expect(pacer.waiting).toBe(0);
    });

    it('lets the chat of a message that must wait wait with it', async () => {
      let failed = 0;
      const hold = () => (failed++ ? undefined : { scope: 'message' as const, untilMs: 4_000 });
      const { clock, sender } = bot({ hold });
      for (const order of upTo(2)) sender.arrive({ order });
      await clock.pass(6_000);
      expect(sender.starts.map(({ order, at }) => [order, at])).toEqual([
        [0, 0],
        [0, 4_000],
        [1, 5_030],
      ]);
    });
  });

  describe('parks what is far away', () => {
    it('keeps 10 s of a hot chat in memory and sends the rest away, one interval apart', async () => {
      const { clock, pacer, sender } = bot();
      for (const order of upTo(500)) sender.arrive({ order });
      await clock.pass(0);
      expect(sender.laters.map(({ notBefore }) => notBefore)).toEqual(upTo(490).map((i) => (i + 10) * 1_030));
      expect(pacer.waiting).toBe(9);
    });

    it('does not let a later message overtake a parked one that comes back late', async () => {
      const { clock, pacer, sender } = bot({ lag: () => 20_000 });
      pacer.hold({ scope: 'chat', lane: '7', untilMs: 20_000 });
      sender.arrive({ order: 1 });
      await clock.pass(21_000);
      sender.arrive({ order: 2 });
      await clock.pass(25_000);
      expect(sender.starts.map(({ order, at }) => [order, at])).toEqual([
        [1, 40_000],
        [2, 41_030],
      ]);
    });

    it('keeps the place in front for a message that Telegram refused until it is back', async () => {
      const { clock, pacer, sender } = bot();
      const refused = await pacer.turn({ lane: '7', order: 1, cost: 1, priority: 'normal' });
      if (refused.kind !== 'go') throw new Error(refused.kind);
      sender.arrive({ order: 2 });
      refused.end({ scope: 'message', untilMs: 2_000 });
      await clock.pass(9_000);
      sender.arrive({ order: 1 });
      await clock.pass(9_000);
      expect(sender.starts.map(({ order, at }) => [order, at])).toEqual([
        [1, 9_000],
        [2, 10_030],
      ]);
    });

    it('gives up the place of a parked message 30 s after its time', async () => {
      const { clock, pacer, sender } = bot({ lag: ({ order }) => (order === 1 ? undefined : 0) });
      pacer.hold({ scope: 'chat', lane: '7', untilMs: 20_000 });
      for (const order of [1, 2]) sender.arrive({ order });
      await clock.pass(HOUR);
      expect(sender.starts.map(({ order, at }) => [order, at])).toEqual([[2, 50_000]]);
      expect(pacer.lanes).toBe(0);
    });

    it('goes on at once when a parked message is cancelled', async () => {
      const { clock, pacer, sender } = bot({ lag: ({ order }) => (order === 1 ? undefined : 0) });
      pacer.hold({ scope: 'chat', lane: '7', untilMs: 20_000 });
      for (const order of [1, 2]) sender.arrive({ order });
      await clock.pass(22_000);
      expect(sender.starts).toEqual([]);
      pacer.forget('7', 1);
      await clock.pass(0);
      expect(sender.ordersOf('7')).toEqual([2]);
    });

    it('takes no more than 10 s worth into memory of a chat where each call takes 8 s', async () => {
      const { clock, pacer, sender } = bot({ latency: () => 8_000 });
      let most = 0;
      for (const order of upTo(100)) sender.arrive({ order });
      for (let i = 0; i < 900; i++) {
        await clock.pass(1_000);
        most = Math.max(most, pacer.waiting);
      }
      expect(most).toBeLessThanOrEqual(Math.ceil(MAX_HOLD_MS / 1_030));
      expect(sender.ordersOf('7')).toEqual(upTo(100));
    });
  });
});
