import type { ConsumeMessage } from 'amqplib';
import { deadLetter } from './dead-letter';

const message = (properties: object) =>
  ({ content: Buffer.from([1, 2, 255]), properties, fields: {} }) as unknown as ConsumeMessage;

it('keeps body, headers and id, and adds why', () => {
  const properties = {
    messageId: 'm',
    contentType: 'text/plain',
    headers: { theirs: 1, 'x-reason': 'old' },
    replyTo: 'q',
  };
  const why = { reason: 'bot_blocked', description: 'Forbidden', errorCode: 403, attempts: 2 } as const;
  expect(deadLetter('p', message(properties), 'p.deliver.default', why)).toEqual({
    exchange: 'p.dead',
    routingKey: '',
    body: Buffer.from([1, 2, 255]),
    messageId: 'm',
    properties: {
      contentType: 'text/plain',
      contentEncoding: undefined,
      headers: {
        theirs: 1,
        'x-reason': 'bot_blocked',
        'x-description': 'Forbidden',
        'x-error-code': 403,
        'x-attempts': 2,
        'x-queue': 'p.deliver.default',
        'x-failed-at': expect.stringMatching(/^\d{4}-.*Z$/),
      },
    },
  });
});

it('gives an id to what has none, and cuts what would not fit', () => {
  const letter = deadLetter('p', message({}), 'q', { reason: 'invalid_command', description: 'x'.repeat(9_999) });
  expect(letter.messageId).toMatch(/^[\w-]{36}$/);
  expect(letter.properties?.headers).toMatchObject({ 'x-description': 'x'.repeat(1_000) });
  expect(letter.properties?.headers).not.toHaveProperty('x-error-code');
});

it('leaves out what could not be published again', () => {
  const headers = {
    ok: 1,
    CC: ['elsewhere'],
    table: { a: { '!': 'bogus' } },
    long: 'x'.repeat(70_000),
    ['k'.repeat(300)]: 1,
    ...Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`h${index}`, index])),
  };
  const letter = deadLetter(
    'p',
    message({ messageId: '\ufffd'.repeat(200), contentType: '\ufffd'.repeat(200), headers }),
    'q',
    {
      reason: 'invalid_command',
    },
  );
  expect(letter.messageId).toMatch(/^[\w-]{36}$/);
  expect(letter.properties).toMatchObject({
    contentType: undefined,
    headers: { ok: 1, 'x-reason': 'invalid_command' },
  });
  for (const name of ['CC', 'table', 'long', 'k'.repeat(300)])
    expect(letter.properties?.headers).not.toHaveProperty(name);
  expect(Object.keys(letter.properties?.headers as object).length).toBeLessThan(60);
});
