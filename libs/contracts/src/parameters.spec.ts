import { chatId, parameters } from './parameters';

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

it.each<[keyof typeof parameters, unknown[], string]>([
  ['message_thread_id', [1.5, '1.5', true, null, ''], 'must be a whole number'],
  ['latitude', ['north', true, '1,5', NaN], 'must be a number'],
  ['reply_markup', ['none', '[]', '{', 7, [], 'null'], 'must be an object'],
  ['entities', ['none', '{}', '[', 7, {}], 'must be an array'],
  ['message_ids', [[], ['1'], 7, 'x', Array(101).fill(1)], 'must be an array of 1 to 100 message ids'],
  ['disable_notification', ['perhaps', 1, null], 'must be true or false'],
  ['text', [''], 'must not be empty'],
])('says what would be right for %s', (name, values, message) => {
  for (const value of values) {
    expect(parameters[name].safeParse(value).error?.issues.map((issue) => issue.message)).toEqual([message]);
  }
});
