import { MAX_HOLD_MS, Pacer } from '.';
import { DOCUMENTED, bot, upTo } from './virtual-bot';
import type { Start, Wait } from './virtual-sender';

const HOUR = 3_600_000;

/** Telegram answers the first so many calls of each of these chats with that wait. */
function refusing(chats: Record<string, { times: number; forMs: number }>, now: () => number) {
  const left = new Map(Object.entries(chats).map(([chat, { times }]) => [chat, times]));
  return ({ lane }: Start): Wait | undefined => {
    const times = left.get(lane) ?? 0;
    if (times === 0) return undefined;
    left.set(lane, times - 1);
    return { scope: 'chat', untilMs: now() + chats[lane]!.forMs };
  };
}

describe(Pacer.name, () => {
  describe('obeys Telegram’s waits', () => {
    it('keeps a chat still for two hours and lets the others go', async () => {
      const { clock, sender } = bot({ wait: refusing({ 7: { times: 1, forMs: 2 * HOUR } }, () => clock.now()) });
      sender.arrive({ order: 1 });
      await clock.pass(10);
      sender.arrive({ order: 2 });
      sender.arrive({ order: 1, lane: '8' });
      await clock.pass(2 * HOUR - 11);
      expect(sender.starts.map(({ lane, order }) => [lane, order])).toEqual([
        ['7', 1],
        ['8', 1],
      ]);
      await clock.pass(2_000);
      expect(sender.starts.slice(2).map(({ order, at }) => [order, at])).toEqual([
        [1, 2 * HOUR],
        [2, 2 * HOUR + 1_010],
      ]);
    });

    it('after one long wait tries one call, and goes on when Telegram takes it', async () => {
      const wait = refusing({ 7: { times: 1, forMs: 60_000 } }, () => clock.now());
      const { clock, sender } = bot({ wait, latency: () => 400 });
      sender.arrive({ order: 1 });
      await clock.pass(500);
      for (const order of upTo(5)) sender.arrive({ order, lane: String(100 + order) });
      await clock.pass(300);
      expect(sender.starts).toHaveLength(2);
      await clock.pass(200);
      expect(sender.starts).toHaveLength(6);
    });

    it('holds the whole bot when two chats are refused within 10 s, until one call is taken', async () => {
      const waits = { 7: { times: 1, forMs: 5_000 }, 8: { times: 1, forMs: 5_000 }, 9: { times: 1, forMs: 3_000 } };
      const { clock, sender } = bot({ wait: refusing(waits, () => clock.now()), latency: () => 100 });
      for (const lane of ['7', '8']) sender.arrive({ order: 1, lane });
      await clock.pass(200);
      for (const lane of ['9', '10', '11', '12']) sender.arrive({ order: 1, lane });
      await clock.pass(4_899);
      expect(sender.starts).toHaveLength(2);
      await clock.pass(2_000); // The probe is refused, too.
      expect(sender.starts).toHaveLength(3);
      await clock.pass(20_000);
      expect(sender.sent).toBe(6);
      const after = sender.starts.slice(3).map(({ at }) => at);
      expect(after[0]).toBeGreaterThanOrEqual(8_200);
      expect(after[1]! - after[0]!).toBeGreaterThanOrEqual(100);
    });

    it('never shortens a wait by a later, shorter one', async () => {
      const { clock, pacer, sender } = bot();
      pacer.holdChat('7', 9_000);
      pacer.holdChat('7', 2_000);
      pacer.holdBot(8_000);
      pacer.holdBot(1_000);
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
      const { clock, pacer, sender } = bot();
      pacer.holdBot(until);
      sender.arrive({ order: 1, lane: '8' });
      await clock.pass(until - 1);
      expect(sender.starts).toEqual([]);
      await clock.pass(1);
      expect(sender.starts.map(({ lane, at }) => [lane, at])).toEqual([['8', until]]);
    });

    it('lets the chat of a message that must wait wait with it', async () => {
      let failed = 0;
      const wait = () => (failed++ ? undefined : { scope: 'message' as const, untilMs: 4_000 });
      const { clock, sender } = bot({ wait });
      for (const order of upTo(2)) sender.arrive({ order });
      await clock.pass(6_000);
      expect(sender.starts.map(({ order, at }) => [order, at])).toEqual([
        [0, 0],
        [0, 4_000],
        [1, 5_010],
      ]);
    });

    it('starts nothing while it is halted, and all after', async () => {
      const { clock, pacer, sender } = bot();
      pacer.halt();
      for (const lane of ['7', '8']) sender.arrive({ order: 1, lane });
      await clock.pass(HOUR);
      expect([sender.starts.length, pacer.heldForMs, pacer.closedForMs('9')]).toEqual([0, Infinity, Infinity]);
      pacer.resume();
      await clock.pass(0);
      expect([sender.starts.length, pacer.heldForMs]).toEqual([2, 0]);
    });
  });

  describe('goes more slowly at signs of trouble', () => {
    it('halves its rate when two chats are refused, and is back within two minutes', async () => {
      const waits = { 7: { times: 1, forMs: 1_000 }, 8: { times: 1, forMs: 1_000 } };
      const { clock, pacer, sender } = bot({ wait: refusing(waits, () => clock.now()) });
      sender.arrive({ order: 1 });
      await clock.pass(1_500);
      expect(pacer.rate).toBe(27);
      sender.arrive({ order: 1, lane: '8' });
      await clock.pass(0);
      expect(pacer.rate).toBe(13);
      await clock.pass(120_000);
      expect(pacer.rate).toBe(30);
    });

    it('slows down with slow answers, to one call a window at least', async () => {
      const { clock, pacer, sender } = bot({ latency: () => 3_000 });
      for (const order of upTo(200)) sender.arrive({ order, lane: String(100 + order) });
      const rates: number[] = [];
      for (let i = 0; i < 60; i++) {
        await clock.pass(1_000);
        rates.push(pacer.rate);
      }
      expect(rates[5]).toBeLessThan(30);
      expect(Math.min(...rates)).toBeGreaterThanOrEqual(1);
      expect(Math.min(...rates)).toBeLessThan(10);
    });
  });

  describe('keeps little in memory', () => {
    it('of a hot chat at most what goes within 10 s, and all of it in order', async () => {
      const { clock, pacer, sender } = bot({ latency: () => 80 });
      let most = 0;
      for (const order of upTo(500)) sender.arrive({ order });
      for (let i = 0; i < 600; i++) {
        await clock.pass(1_000);
        most = Math.max(most, pacer.waiting);
      }
      expect(most).toBeLessThanOrEqual(Math.ceil(MAX_HOLD_MS / 1_010));
      expect(sender.ordersOf('7')).toEqual(upTo(500));
    });

    it('loses hardly any of a chat’s rate by keeping its messages in a waiting room', async () => {
      const { clock, sender } = bot({ latency: () => 80 }, { ...DOCUMENTED, private: { limit: 1, windowMs: 1_000 } });
      for (const order of upTo(300)) sender.arrive({ order });
      await clock.pass(300 * 1_010);
      // The first 30 calls count from their answers, until it is known how long one takes.
      expect(sender.sent).toBeGreaterThanOrEqual(297);
    });
  });
});
