import { rate } from './rates';

it.each([
  ['30/1s', { limit: 30, windowMs: 1_000 }],
  ['20/60s', { limit: 20, windowMs: 60_000 }],
  ['1/500ms', { limit: 1, windowMs: 500 }],
  ['5/2m', { limit: 5, windowMs: 120_000 }],
  ['1000000/9999999ms', { limit: 1_000_000, windowMs: 9_999_999 }],
])('reads the rate %s', (text, expected) => expect(rate.parse(text)).toEqual(expected));

it.each([
  '',
  '30',
  '/1s',
  '30/',
  '30/s',
  '0/1s',
  '30/0s',
  '-1/1s',
  '1.5/1s',
  '30/1h',
  '30/1 s',
  ' 30/1s',
  '30 / 1s',
  '03/1s',
  '1e3/1s',
  '99999999/1s',
])('takes %j for no rate', (text) =>
  expect(rate.safeParse(text).error?.issues[0]?.message).toMatch(/^must look like 30\/1s/),
);
