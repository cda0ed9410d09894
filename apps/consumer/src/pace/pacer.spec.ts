import { Pacer } from '.';
import { DOCUMENTED, bot, upTo } from './virtual-bot';

describe(Pacer.name, () => {
  describe('keeps the limits', () => {
    it('lets one message a second into a private chat, in order', async () => {
      const { clock, sender } = bot();
      for (const order of upTo(3)) sender.arrive({ order });
      await clock.pass(5_000);
      expect(sender.starts.map(({ order, at }) => [order, at])).toEqual([
        [0, 0],
        [1, 1_010],
        [2, 2_020],
      ]);
    });

    it('lets a group have its 20 of a minute at once, and the 21st a minute after the first', async () => {
      const { clock, sender } = bot();
      for (const order of upTo(20)) sender.arrive({ order, lane: '-100' });
      await clock.pass(10);
      sender.arrive({ order: 20, lane: '-100' });
      await clock.pass(70_000);
      expect(sender.starts.map(({ at }) => at)).toEqual([...upTo(20).map(() => 0), 60_010]);
    });

    it('lets a backlog of a group have no more than a quarter of the bot’s calls in any second', async () => {
      const { clock, sender } = bot({ latency: () => 5 });
      for (const order of upTo(40)) sender.arrive({ order, lane: '-100' });
      await clock.pass(900);
      expect(sender.starts).toHaveLength(7);
      await clock.pass(3_000);
      expect(sender.starts).toHaveLength(20);
    });

    it('counts no turn that was given back, and keeps the order of its chat meanwhile', async () => {
      const { clock, pacer } = bot();
      const toll = { bot: 1, chat: 1, paid: false };
      const went: string[] = [];
      const go = async (lane: string, name = lane): Promise<void> => {
        const turn = await pacer.turn({ lane, toll, priority: 'bulk' });
        if (turn.kind === 'go') went.push(`${name} ${clock.now()}`);
        if (turn.kind === 'go') turn.end();
      };
      const turns = await Promise.all(upTo(3).map((at) => pacer.turn({ lane: `${at + 1}`, toll, priority: 'bulk' })));
      const again = turns.flatMap((turn) => (turn.kind === 'go' ? [turn.giveBack(500)] : []));
      expect(() => turns[0]?.kind === 'go' && turns[0].end()).toThrow(RangeError);
      void go('1', 'behind');
      for (const at of upTo(3)) void go(`${at + 10}`);
      await clock.pass(400);
      expect(went).toEqual(['10 0', '11 0', '12 0']);
      expect(pacer.inFlight).toBe(0);
      await clock.pass(200);
      const second = await Promise.all(again);
      for (const turn of second) if (turn.kind === 'go') turn.end();
      await clock.pass(2_000);
      expect(second.map(({ kind }) => kind)).toEqual(['go', 'go', 'go']);
      expect(went.at(-1)).toMatch(/^behind 1[5-6]/);
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
      expect(times).toEqual({ '-100/1': 0, '8/1': 0, '9/1': 0, '-100/2': 1_010, '-100/3': 60_010 });
    });

    it('lets a message that costs more than the whole limit go alone', async () => {
      const { clock, sender } = bot();
      sender.arrive({ order: 1, lane: '8', cost: 100 });
      sender.arrive({ order: 1, lane: '9' });
      await clock.pass(2_000);
      expect(sender.starts.map(({ lane, at }) => [lane, at])).toEqual([
        ['8', 0],
        ['9', 1_010],
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
      await clock.pass(1_009);
      expect(sender.starts).toHaveLength(30);
      await clock.pass(1_000);
      expect([sender.starts.length, pacer.lanes]).toEqual([31, 0]);
    });

    it('counts paid broadcasts in a limit of their own', async () => {
      const { clock, sender } = bot({}, { ...DOCUMENTED, private: { limit: 5_000, windowMs: 1_000 } });
      const toll = { bot: 1, chat: 1, paid: true };
      for (const order of upTo(1_500)) sender.arrive({ order, toll, priority: 'bulk' });
      for (const order of upTo(30)) sender.arrive({ order, lane: String(100 + order) });
      await clock.pass(1_009);
      expect(sender.starts).toHaveLength(1_030);
      await clock.pass(1);
      expect(sender.starts.length).toBeGreaterThan(1_500);
    });

    it('lets a call that no chat limit bounds go when another of its chat has just gone', async () => {
      const { clock, sender } = bot();
      sender.arrive({ order: 1 });
      sender.arrive({ order: 2, toll: { bot: 1, chat: 0, paid: false } });
      await clock.pass(100);
      expect(sender.ordersOf('7')).toEqual([1, 2]);
    });

    it('counts what an earlier process sent', async () => {
      const { clock, pacer, sender } = bot();
      await clock.pass(60_000);
      pacer.recall([
        ...upTo(19).map((i) => ({ lane: '-100', at: 30_000 + i, messages: 1 })),
        ...upTo(10).map((i) => ({ lane: String(i), at: 59_500, messages: 1 })),
      ]);
      for (const order of upTo(3)) sender.arrive({ order, lane: '-100' });
      for (const order of upTo(25)) sender.arrive({ order, lane: String(100 + order) });
      await clock.pass(0);
      expect(sender.starts).toHaveLength(20);
      expect(sender.ordersOf('-100')).toHaveLength(1);
      await clock.pass(29_000);
      expect(sender.ordersOf('-100')).toHaveLength(1);
      await clock.pass(2_000);
      expect(sender.ordersOf('-100')).toHaveLength(3);
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
      expect([done, pacer.waiting, pacer.inFlight]).toEqual([false, 2, 4]);
      await clock.pass(200);
      expect([done, pacer.inFlight, clock.pending]).toEqual([true, 0, 0]);
      expect(sender.stopped.map(({ order }) => order)).toEqual([9, 1, 2]);
      expect(sender.starts).toHaveLength(4);
    });

    it('hands back a message that would be tried again, and those behind it', async () => {
      const { clock, pacer, sender } = bot({
        latency: () => 3_000,
        wait: () => ({ scope: 'message', untilMs: clock.now() + 1_000 }),
      });
      for (const order of upTo(3)) sender.arrive({ order });
      await clock.pass(100);
      void pacer.stop();
      await clock.pass(3_000);
      expect(sender.stopped.map(({ order }) => order).toSorted()).toEqual([0, 1, 2]);
    });

    it('hands back all that waits and goes on with what comes after', async () => {
      const { clock, pacer, sender } = bot({ latency: () => 100 });
      for (const order of upTo(3)) sender.arrive({ order });
      await clock.pass(0);
      pacer.clear();
      sender.arrive({ order: 3 });
      await clock.pass(2_000);
      expect(sender.stopped.map(({ order }) => order)).toEqual([1, 2]);
      expect(sender.ordersOf('7')).toEqual([0, 3]);
    });

    it('throws where a turn is ended twice, and for what is no number', async () => {
      const { pacer } = bot();
      const toll = { bot: 1, chat: 1, paid: false };
      const turn = await pacer.turn({ lane: '7', toll, priority: 'normal' });
      if (turn.kind !== 'go') throw new Error(turn.kind);
      turn.end();
      turn.abandon();
      expect(() => turn.end()).toThrow('a turn ends once');
      const next = await pacer.turn({ lane: '8', toll, priority: 'normal' });
      if (next.kind !== 'go') throw new Error(next.kind);
      next.abandon();
      expect(pacer.inFlight).toBe(0);
      expect(() => pacer.holdBot(NaN)).toThrow('untilMs');
      expect(() => pacer.holdChat('', 1)).toThrow('lane');
      expect(() => pacer.turn({ lane: '7', toll: { ...toll, bot: 0 }, priority: 'normal' })).toThrow('toll');
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
