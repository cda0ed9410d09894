import { z } from 'zod';
import { chatId, soundTree } from './parameters';

it.each([1, -1, -1001234567890, Number.MAX_SAFE_INTEGER, '1', '-1001234567890', '@abc', '@My_Channel_9'])(
  '%j names a chat',
  (id) => expect(chatId.parse(id)).toBe(id),
);

it.each([
  0,
  1.5,
  2 ** 53,
  NaN,
  '0',
  '-',
  '01',
  '+1',
  '1e5',
  'abc',
  '@',
  '@ab',
  '@1ab',
  '@a-b',
  '@x'.padEnd(66, 'x'),
  ' 1',
  '',
  null,
  true,
  [],
  {},
])('%j names none', (id) =>
  expect(chatId.safeParse(id).error?.issues[0]?.message).toBe('must be a number other than 0, or @name'),
);

describe('a tree', () => {
  const tree = z.looseObject({}).superRefine(soundTree);
  const issuesOf = (value: unknown) => tree.safeParse(value).error?.issues ?? [];

  it('is told at most 20 faults of', () => {
    expect(issuesOf({ wide: Array(1_000).fill('\ud800') })).toHaveLength(20);
    expect(issuesOf({ deep: Array(1_000).fill([Infinity]) })).toHaveLength(20);
    expect(issuesOf({ wide: Array(19).fill('\ud800') })).toHaveLength(19);
  });

  const around = '{"x":""}'.length;
  it.each([
    ['x', 1],
    ['é', 2],
    ['"', 2],
    ['\0', 6],
  ])('of %j is taken up to 1 MiB of JSON, and not a byte beyond', (character, bytes) => {
    const free = 1024 * 1024 - around;
    const fitting = character.repeat(Math.floor(free / bytes)) + 'x'.repeat(free % bytes);
    expect(issuesOf({ x: fitting })).toEqual([]);
    expect(issuesOf({ x: `${fitting}x` })).toMatchObject([
      { path: [], message: 'must be at most 1 MiB as JSON: Telegram takes no more' },
    ]);
  });

  it('is too large by many small values, too', () => {
    expect(issuesOf({ x: Array(600_000).fill(1) })).toMatchObject([{ path: [] }]);
    expect(issuesOf({ x: Array(400_000).fill(1) })).toEqual([]);
    expect(issuesOf({ x: Array(50_000).fill(-1.2345678901234567e-300) })).toMatchObject([{ path: [] }]);
    expect(issuesOf(Object.fromEntries(Array.from({ length: 120_000 }, (_, i) => [i, null])))).toMatchObject([
      { path: [] },
    ]);
  });

  it('without a bottom is refused for that, whatever its size', () => {
    const bottomless: unknown = JSON.parse(
      `{"x":${'['.repeat(200_000)}${']'.repeat(200_000)},"y":"${'x'.repeat(2e6)}"}`,
    );
    expect(issuesOf(bottomless)).toMatchObject([{ message: expect.stringContaining('nested deeper') as string }]);
  });
});
