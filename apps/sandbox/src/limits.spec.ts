import fc from 'fast-check';
import { type Ask, Limiter, parseRate } from './limits';

const ask = (part: Partial<Ask>): Ask => ({
  at: 0,
  bot: '1',
  chat: 5,
  group: false,
  cost: 1,
  paid: false,
  edit: false,
  ...part,
});

/** The most messages in any half-open stretch of `window` ms. */
function densest(sent: { at: number; cost: number }[], window: number): number {
  const inWindow = (from: number) => sent.filter(({ at }) => at >= from && at < from + window);
  return Math.max(0, ...sent.map(({ at }) => inWindow(at).reduce((sum, { cost }) => sum + cost, 0)));
}

describe('limits', () => {
  const gaps = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 900 }), chat: fc.integer({ min: 1, max: 60 }), group: fc.boolean() }),
    { minLength: 1, maxLength: 300 },
  );

  it('never lets more than the limits through in any window, and always lets through after the wait it names', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (calls, speed) => {
        const limiter = new Limiter();
        const sent: { at: number; cost: number; chat: number; group: boolean }[] = [];
        let at = 0;
        for (const { gap, chat, group } of calls) {
          at += gap / speed;
          const seconds = limiter.take(ask({ at, chat, group }));
          if (seconds === 0) sent.push({ at, cost: 1, chat, group });
          else expect(Number.isInteger(seconds) && seconds <= 60).toBe(true);
        }
        expect(densest(sent, 1000)).toBeLessThanOrEqual(30);
        for (const { chat, group } of sent) {
          const here = sent.filter((one) => one.chat === chat && one.group === group);
          expect(densest(here, group ? 60_000 : 1000)).toBeLessThanOrEqual(group ? 20 : 1);
        }
        const last = calls.at(-1);
        const wait = last ? limiter.take(ask({ at, chat: last.chat, group: last.group })) : 0;
        if (last && wait > 0) {
          expect(limiter.take(ask({ at: at + wait * 1000, chat: last.chat, group: last.group }))).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('frees a place exactly when its window has passed', () => {
    const limiter = new Limiter();
    expect(limiter.take(ask({ at: 100 }))).toBe(0);
    expect(limiter.take(ask({ at: 1099.9 }))).toBe(1);
    expect(limiter.take(ask({ at: 1100 }))).toBe(0);
  });

  it('names the seconds until a group has room for a whole album', () => {
    const limiter = new Limiter();
    for (let second = 0; second < 20; second += 1) limiter.take(ask({ at: second * 1000, group: true, chat: -5 }));
    expect(limiter.take(ask({ at: 20_000, group: true, chat: -5, cost: 10 }))).toBe(49);
  });

  it('lets an album into a private chat that was quiet, though it is larger than the limit', () => {
    const limiter = new Limiter();
    expect(limiter.take(ask({ cost: 10 }))).toBe(0);
    expect(limiter.take(ask({ at: 500 }))).toBe(1);
  });

  it('spends nothing on a refused call', () => {
    const limiter = new Limiter();
    limiter.take(ask({ at: 0 }));
    for (let at = 100; at < 1000; at += 100) expect(limiter.take(ask({ at }))).toBe(1);
    expect(limiter.take(ask({ at: 1000 }))).toBe(0);
  });

  it('counts a paid broadcast apart, and edits against bot and group but not against the private second', () => {
    const limiter = new Limiter();
    for (let chat = 1; chat <= 30; chat += 1) expect(limiter.take(ask({ chat }))).toBe(0);
    expect(limiter.take(ask({ chat: 31 }))).toBe(1);
    expect(limiter.take(ask({ chat: 31, paid: true }))).toBe(0);
    expect(limiter.take(ask({ at: 1000, chat: 31 }))).toBe(0);
    expect(limiter.take(ask({ at: 1001, chat: 31, edit: true }))).toBe(0);
  });

  it.each([
    ['30/1s', { messages: 30, window: 1000 }],
    ['1/0.5s', { messages: 1, window: 500 }],
    ['off', 'off'],
    ['0/1s', undefined],
    ['30/0s', undefined],
    ['thirty', undefined],
  ])('reads %s', (text, rate) => expect(parseRate(text)).toEqual(rate));
});
