import type { ConsumeMessage, Options } from 'amqplib';
import fc from 'fast-check';
import { accept, readInbox, readText } from './read-inbox';

const arrived = (content: string | Buffer, properties: Options.Publish = {}) =>
  ({ content: Buffer.from(content as string), properties, fields: {} }) as unknown as ConsumeMessage;

/** The message that a body is read as. */
const read = (body: unknown, properties?: Options.Publish) => {
  const incoming = readInbox(arrived(JSON.stringify(body), properties));
  return 'data' in incoming ? incoming.data : incoming;
};

it('reads a message, and the same in its envelope, alike', () => {
  const message = { chat_id: 1, text: 'x' };
  expect(read({ pattern: 'message.send', data: message })).toEqual(read(message));
});

it('takes a body with a pattern alone for a message', () => {
  expect(read({ text: 'x', pattern: 'striped' })).toMatchObject({ text: 'x', pattern: 'striped' });
});

it.each([
  [{ expiration: '90000' }, { ttl: 90 }],
  [{ expiration: '1' }, { ttl: 1 }],
  [{ expiration: 'soon' }, {}],
  [{ priority: 0 }, {}],
  [{ priority: 4 }, {}],
  [{ priority: 5 }, { priority: 'high' }],
  [{ priority: 255 }, { priority: 'high' }],
])('reads the properties %j as %j', (properties, delivery) => {
  expect(read({ text: 'x' }, properties)).toEqual({ text: 'x', delivery });
  expect(read([{ text: 'x' }, { text: 'y' }], properties)).toEqual([
    { text: 'x', delivery },
    { text: 'y', delivery },
  ]);
});

it('lets the body have the last word', () => {
  const delivery = { ttl: 5, priority: 'bulk' };
  expect(read({ text: 'x', delivery }, { expiration: '90000', priority: 9 })).toEqual({ text: 'x', delivery });
});

it.each(['later', 7, null])('leaves an envelope of %j for the validation to refuse', (delivery) => {
  expect(read({ text: 'x', delivery }, { priority: 9 })).toEqual({ text: 'x', delivery });
});

it.each(['text/plain', 'TEXT/PLAIN; charset=utf-8'])('takes a body of %s as it is', (contentType) => {
  const message = arrived('{"a":1}', { contentType, headers: { chat_id: 7 } });
  expect(readInbox(message)).toEqual({ pattern: accept, data: { text: '{"a":1}', chat_id: 7, delivery: {} } });
});

it('takes a plain text for a text, whatever it says it is', () => {
  const message = arrived('{"a":1}', { contentType: 'application/json', contentEncoding: 'gzip', priority: 9 });
  expect(readText(message)).toEqual({ pattern: accept, data: { text: '{"a":1}' } });
});

it('never throws, whatever arrives', () => {
  const properties = fc.record(
    { contentType: fc.string(), contentEncoding: fc.string(), expiration: fc.string(), priority: fc.nat(255) },
    { requiredKeys: [] },
  );
  const content = fc.oneof(fc.uint8Array().map(Buffer.from), fc.json(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(content, properties, (body, props) => {
      for (const reader of [readInbox, readText]) {
        const incoming = reader(arrived(body, props));
        expect('unreadable' in incoming ? incoming.unreadable : incoming.pattern).toMatch(/\w/);
      }
    }),
    { numRuns: 2_000 },
  );
});
