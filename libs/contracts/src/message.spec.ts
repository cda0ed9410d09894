import fc from 'fast-check';
import { duration, message } from './message';

describe('a duration', () => {
  it.each([
    [1, 1],
    [90.5, 90.5],
    ['90s', 90],
    ['10m', 600],
    ['1h', 3_600],
    ['2d', 172_800],
    ['366d', 31_622_400],
  ])('%j is %d seconds', (text, seconds) => expect(duration.parse(text)).toBe(seconds));

  it.each([
    0,
    -1,
    0.5,
    NaN,
    Infinity,
    31_622_401,
    '367d',
    '0s',
    '90',
    's',
    '1w',
    '1.5h',
    '1h30m',
    '-1s',
    ' 1s',
    '1S',
    '',
    null,
    true,
    {},
  ])('%j is none', (text) => expect(duration.safeParse(text).success).toBe(false));
});

describe('a message', () => {
  const errorsOf = (body: unknown) => message.safeParse(body).error?.issues.map(({ path }) => path.join('.')) ?? [];

  it('keeps every parameter as it is', () => {
    // No parameter is called `__proto__`: zod leaves it out.
    const name = fc.string({ minLength: 9 }).filter((key) => key !== '__proto__' && !(key in message.shape));
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue({ maxDepth: 20 })), (extra) => {
        const body = JSON.parse(JSON.stringify({ ...extra, text: 'x' })) as Record<string, unknown>;
        expect(message.parse(structuredClone(body))).toEqual(body);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes the texts that form clients send for numbers, flags and objects', () => {
    const body = {
      text: 'x',
      chat_id: '-1001',
      message_thread_id: '7',
      disable_notification: 'true',
      reply_markup: '{"force_reply":true}',
      entities: '[]',
      latitude: '-1.5',
    };
    expect(message.parse(body)).toEqual(body);
  });

  it.each([
    ['\ud800', 'extra'],
    [['x', { deep: '\udfff' }], 'extra.1.deep'],
    [Infinity, 'extra'],
    [[1, -Infinity], 'extra.1'],
  ])('refuses what nobody can deliver, naming where it is: %j', (extra, path) => {
    expect(errorsOf({ text: 'x', extra })).toEqual([path]);
  });

  it('takes 32 levels of nesting and refuses the next', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(errorsOf({ text: 'x', extra: nested(32) })).toEqual([]);
    expect(errorsOf({ text: 'x', extra: nested(33) })).toHaveLength(1);
  });

  it.each(['parse_mode', 'entities', 'caption_entities'])('has either a format or %s', (field) => {
    const value = field === 'parse_mode' ? 'HTML' : [];
    expect(errorsOf({ text: 'x', [field]: value })).toEqual([]);
    expect(errorsOf({ text: 'x', format: 'html', [field]: value })).toEqual(['format']);
  });
});
