import { Pacer } from '.';
import { bot, upTo } from './virtual-bot';

describe(Pacer.name, () => {
  describe('keeps the limits', () => {
    it('lets one message a second into a private chat, in order', async () => {
      const { clock, sender } = bot();
      for (const order of [2, 1, 3]) sender.arrive({ order });
      await clock.pass(5_000);
      // The first to arrive had gone before the one stamped earlier came.
      expect(sender.starts.map(({ order, at }) => [order, at])).toEqual([
        [2, 0],
        [1, 1_030],
        [3, 2_060],
      ]);
    });

    it('lets a group have its 20 of a minute at once, and the 21st a minute after the first', async () => {
      const { clock, sender } = bot();
      for (const order of upTo(21)) sender.arrive({ order, lane: '-100' });
      await clock.pass(70_000);
      expect(sender.starts.map(({ at }) => at)).toEqual([...upTo(20).map(() => 0), 60_030]);
    });

    it('counts an album as its items, for the chat and for the bot', async () => {
      const { clock, sender } = bot();
      sender.arrive({ order: 1, lane: '-100', cost: 10 });
      sender.arrive({ order: 2, lane: '-100', cost: 10 });
      sender.arrive({ order: 3, lane: '-100', cost: 1 });
      sender.arrive({ order: 1, lane: '8', cost: 10 });
      sender.arrive({ order: 1, lane: '9', cost: 1 });
      await clock.pass(70_000);
      const times = Object.fromEntries(sender.starts.map(({ lane, order, at }) => [`${lane}/${order}`, at]));
      expect(times).toEqual({ '-100/1': 0, '8/1': 0, '9/1': 0, '-100/2': 1_030, '-100/3': 60_030 });
    });

    it('lets a message that costs more than the whole limit go alone', async () => {
      const { clock, sender } = bot();
      sender.arrive({ order: 1, lane: '8', cost: 100 });
      sender.arrive({ order: 1, lane: '9' });
      await clock.pass(2_000);
      expect(sender.starts.map(({ lane, at }) => [lane, at])).toEqual([
        ['8', 0],
        ['9', 1_030],
      ]);
    });

    it('holds one call at a time in flight for each chat', async () => {
      const { clock, pacer, sender } = bot({ latency: () => 5_000 });
      for (const order of upTo(3)) sender.arrive({ order, lane: '-100' });
      sender.arrive({ order: 9, lane: '7' });
      await clock.pass(4_999);
      expect([pacer.inFlight, pacer.waiting]).toEqual([2, 2]);
      await clock.pass(1);
      expect(sender.ordersOf('-100')).toEqual([0, 1]);
    });

    it('gives a message of no chat no order and no limit but the bot’s', async () => {
      const { clock, pacer, sender } = bot({ latency: () => 100 });
      for (const order of upTo(31)) sender.arrive({ order, lane: '' });
      await clock.pass(1_029);
      expect(sender.starts).toHaveLength(30);
      await clock.pass(1_000);
      expect([sender.starts.length, pacer.lanes]).toEqual([31, 0]);
    });

    it('does not send a message before its own time, and keeps those behind it behind', async () => {
      const { clock, sender } = bot();
      sender.arrive({ order: 1, notBefore: 3_000 });
      sender.arrive({ order: 2 });
      await clock.pass(5_000);
      expect(sender.starts.map(({ at }) => at)).toEqual([3_000, 4_030]);
    });
  });

  describe('stops and refuses misuse', () => {
    it('answers every waiting and every further message stopped, and is done when the last call has ended', async () => {
      const { clock, pacer, sender } = bot({ latency: () => 3_000 });
      for (const order of upTo(3)) sender.arrive({ order });
      for (const order of upTo(3)) sender.arrive({ order, lane: '' });
      await clock.pass(100);
      let done = false;
      void pacer.stop().then(() => (done = true));
      sender.arrive({ order: 9, lane: '9' });
      await clock.pass(2_800);
      // Those behind the call in flight must not be handed to another instance before it has ended.
      expect(sender.stopped.map(({ order }) => order)).toEqual([9]);
      expect([done, pacer.waiting, pacer.inFlight]).toEqual([false, 0, 4]);
      await clock.pass(200);
      expect([done, pacer.inFlight, clock.pending]).toEqual([true, 0, 0]);
      expect(sender.stopped.map(({ order }) => order)).toEqual([9, 1, 2]);
      expect(sender.starts).toHaveLength(4);
    });

    it('parks those behind a call that ends with a wait, so that they stay behind it', async () => {
      const { pacer } = bot();
      const waiter = { lane: '7', cost: 1, priority: 'normal' } as const;
      const first = await pacer.turn({ ...waiter, order: 1 });
      const second = pacer.turn({ ...waiter, order: 2 });
      void pacer.stop();
      if (first.kind === 'go') first.end({ scope: 'chat', untilMs: 300_000 });
      expect(await second).toEqual({ kind: 'later', notBefore: 300_000 });
    });

    it('throws where a turn is ended twice, and for what is no number', async () => {
      const { pacer } = bot();
      const turn = await pacer.turn({ lane: '7', order: 1, cost: 1, priority: 'normal' });
      if (turn.kind !== 'go') throw new Error(turn.kind);
      turn.end();
      expect(() => turn.end()).toThrow('a turn ends once');
      expect(() => pacer.hold({ scope: 'bot', untilMs: NaN })).toThrow('untilMs');
      expect(() => pacer.hold({ scope: 'chat', lane: '', untilMs: 1 })).toThrow('lane');
      expect(() => pacer.turn({ lane: '7', order: 1, cost: 0, priority: 'normal' })).toThrow('cost');
    });

    it('forgets a chat once nothing of it counts any more, and sets no timer for nothing', async () => {
      const { clock, pacer, sender } = bot();
      for (const order of upTo(300)) sender.arrive({ order, lane: String(100 + order) });
      await clock.pass(1_000);
      expect(pacer.lanes).toBe(300);
      await clock.pass(20_000);
      expect([sender.sent, pacer.lanes, clock.pending]).toEqual([300, 0, 0]);
    });
  });
});
