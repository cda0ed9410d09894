import { message, parametersOf } from '@app/contracts';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';

/** A request that must be refused. */
export interface Hostile {
  body: Buffer;
  contentType: string;
}

const json = (text: string): Hostile => ({ body: Buffer.from(text), contentType: 'application/json' });
const valid = { chat_id: 1, text: 'x' };
const withField = (field: string, value: unknown) => json(JSON.stringify({ ...valid, [field]: value }));
/** A valid message with one more parameter, whose JSON is given as text. */
const withText = (value: string, key = '"extra"') => json(`{"chat_id":1,"text":"x",${key}:${value}}`);

const envelope = ['method', 'format', 'delivery'];
/** What is looked at in a text message; parameters that its method does not have pass untouched. */
const fields = Object.keys(message.shape).filter(
  (name) => name !== 'chat_id' && (envelope.includes(name) || parametersOf('sendMessage')?.has(name)),
);
const flags = fields.filter((name) => /^(disable_|protect_|allow_|show_|has_)/.test(name));
const contents = ['text', 'photo', 'video', 'animation', 'audio', 'document', 'sticker', 'voice', 'media', 'question'];

const notText = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string()),
  fc.dictionary(fc.string(), fc.string()),
);
const notChat = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -0,
    1.5,
    1e300,
    2 ** 53,
    true,
    null,
    '',
    ' 1',
    '0',
    '-',
    '@',
    '@1abc',
    '1e5',
    '99999999999999999999',
  ),
  fc.array(fc.integer()),
  fc.object(),
);
const notDelivery = fc.oneof(
  notText.filter(
    (value) =>
      !(typeof value === 'object' && value !== null && Object.keys(value).length === 0) || Array.isArray(value),
  ),
  fc.constantFrom<unknown>(
    { ttl: -1 },
    { ttl: '1 h' },
    { ttl: 1e400 },
    { bot: '' },
    { bot: '__proto__' },
    { priority: null },
    { x: 1 },
  ),
);

/** 1 to 100,000, each order of magnitude equally often. */
const depth = fc
  .double({ min: Math.log(33), max: Math.log(100_000), noNaN: true })
  .map((log) => Math.floor(Math.exp(log)));

const wrongTypes = fc.oneof(
  notText.map((value) => withField('text', value)),
  notChat.map((value) => withField('chat_id', value)),
  notDelivery.map((value) => withField('delivery', value)),
  fc.tuple(fc.constantFrom(...fields), fc.constant(null)).map(([name, value]) => withField(name, value)),
  fc.constantFrom(...fields.filter((name) => !flags.includes(name))).map((name) => withField(name, true)),
  fc
    .tuple(fc.constantFrom(...flags), fc.constantFrom<unknown>(0, 7, 'yes', [], {}))
    .map(([name, value]) => withField(name, value)),
  fc
    .constantFrom<unknown>(7, '', 'send message', 'x', null, [], {}, 'é'.repeat(9))
    .map((value) => withField('method', value)),
);

const wrongShapes = fc.oneof(
  fc
    .jsonValue()
    .filter((value) => typeof value !== 'object' || value === null)
    .map((value) => json(JSON.stringify(value))),
  fc
    .dictionary(
      fc.string().filter((key) => ![...contents, 'method'].includes(key)),
      fc.jsonValue(),
    )
    .map((message) => json(JSON.stringify({ chat_id: 1, ...message, latitude: null }))),
  fc
    .tuple(
      fc.nat(20),
      fc.nat(20),
      fc.jsonValue({ maxDepth: 1 }).filter((value) => typeof value !== 'object' || value === null),
    )
    .map(([before, after, wrong]) =>
      json(JSON.stringify([...Array<object>(before).fill(valid), wrong, ...Array<object>(after).fill(valid)])),
    ),
  fc.integer({ min: 1001, max: 3000 }).map((length) => json(JSON.stringify(Array(length).fill(valid)))),
  fc.constantFrom('[]', '[[]]', '{}', '[{}]', 'null', '"text"', '[[{"chat_id":1,"text":"x"}]]').map(json),
);

const unsoundValues = fc.oneof(
  fc
    .constantFrom('"\\ud800"', '"\\udc00\\ud800"', '["x\\udfff"]', '{"a":{"b":"\\ud83d"}}')
    .map((text) => withText(text)),
  fc.constantFrom('"\\ud800"', '"a\\udfffb"').map((key) => withText('1', key)),
  fc.constantFrom('1e999', '-1e999', '[1e400]', '{"a":-1e309}', `1${'0'.repeat(400)}`).map((text) => withText(text)),
  depth.map((levels) => withText('['.repeat(levels) + ']'.repeat(levels))),
  depth.map((levels) => withText('{"a":'.repeat(levels) + '1' + '}'.repeat(levels))),
  depth.map((levels) => json('['.repeat(levels) + ']'.repeat(levels))),
  depth.map((levels) => withText('[{"a":'.repeat(levels))),
);

const poisoned = fc.oneof(
  fc.constantFrom('"__proto__"', '"\\u005f_proto__"').map((key) => withText('{"method":"sendPhoto"}', key)),
  fc
    .constantFrom('{"__proto__":1}', '[{"__proto__":null}]', '{"a":{"__proto__":{"x":1}}}')
    .map((text) => withText(text)),
  fc.constant(withText('{"prototype":{"x":1}}', '"constructor"')),
  notText.map((value) => withText(JSON.stringify(value), '"text"')), // A second one: the last counts.
  fc
    .constantFrom('"x"', 'null', '[]', '{"bot":7}')
    .map((text) => json(`{"chat_id":1,"text":"x","delivery":{},"delivery":${text}}`)),
);

const notJson = fc.oneof(
  fc
    .constantFrom(
      'NaN',
      'Infinity',
      '-Infinity',
      'undefined',
      '0x10',
      '01',
      '+1',
      '.5',
      '1.',
      "'x'",
      '"\n"',
      '"\\x41"',
      '1,',
      '/**/1',
    )
    .map((text) => withText(text)),
  fc.nat(JSON.stringify(valid).length - 1).map((length) => json(JSON.stringify(valid).slice(0, length))),
  fc
    .string({ minLength: 1 })
    .filter((tail) => tail.trim() !== '')
    .map((tail) => json(JSON.stringify(valid) + tail)),
  fc
    .string({ unit: 'binary' })
    .filter((text) => !isJson(text))
    .map(json),
  fc
    .uint8Array({ maxLength: 2000 })
    .filter((bytes) => !isJson(Buffer.from(bytes).toString()))
    .map((bytes) => ({ ...json(''), body: Buffer.from(bytes) })),
);

const notUtf8 = fc.oneof(
  fc.constantFrom('80', 'c3', 'c080', 'eda080', 'f4908080', 'ff', 'e9', 'f0288cbc').map((hex) => ({
    ...json(''),
    body: Buffer.concat([Buffer.from('{"chat_id":1,"text":"'), Buffer.from(hex, 'hex'), Buffer.from('"}')]),
  })),
  fc.constant({ body: Buffer.from(JSON.stringify(valid), 'utf16le'), contentType: 'application/json; charset=utf-16' }),
  fc.constant({ ...json(''), body: gzipSync(JSON.stringify(valid)) }),
);

const otherKinds = fc
  .constantFrom(
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/jsonp',
    '*/*',
    'a',
    '; charset=utf-8',
    'image/png',
  )
  .map((contentType) => ({ ...json(JSON.stringify(valid)), contentType }));

/** Bodies of every kind that a careless or hostile client can send; none of them is a message. */
export const hostile: fc.Arbitrary<Hostile> = fc.oneof(
  wrongTypes,
  wrongShapes,
  unsoundValues,
  poisoned,
  notJson,
  notUtf8,
  otherKinds,
);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
