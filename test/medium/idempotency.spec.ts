import {
  aSandbox,
  broker,
  eventually,
  post,
  startConsumer,
  startProducer,
  type Answer,
  type Namespace,
} from '../support';
import { readIdempotencyKey } from '../../apps/producer/src/accept/http/idempotency-key';
import { fingerprintOf } from '../../apps/producer/src/accept/once';

const message = { chat_id: 42, text: 'pay 10 €' };
const keyed = (url: string, key: string, body: unknown = message): Promise<Answer<{ id: string; code: string }>> =>
  post(url, body, { 'idempotency-key': key });
const queued = (at: Namespace): Promise<number> => at.count(at.names.deliverQueue('default'));

describe('A POST with an Idempotency-Key', () => {
  it('that comes 50 times at once by two producers is one message, with one id in every answer', async () => {
    const at = await broker();
    const [{ url: one }, { url: two }] = await Promise.all([startProducer(at), startProducer(at)]);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => keyed(n % 2 ? one : two, '"order-4711"')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
    expect(answers.filter(({ headers }) => headers.get('location') === `/v1/messages/${answers[0]?.body.id}`)).toHaveLength(50); // prettier-ignore
    expect(await queued(at)).toBe(1);
  });

  it('leads to the first answer after the message was sent and everything was started anew', async () => {
    const at = await broker();
    const sandbox = await aSandbox();
    const [first, consumer] = await Promise.all([
      startProducer(at),
      startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url }),
    ]);
    const { body } = await keyed(first.url, 'k');
    await sandbox.waitFor(1);
    await Promise.all([first.close(), consumer.close()]);
    const [again] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })]);
    const answer = await keyed(again.url, 'k', { text: message.text, chat_id: message.chat_id });
    expect(answer.body).toEqual(body);
    await post(again.url, { ...message, text: 'marker' });
    await sandbox.waitFor(2);
    expect(sandbox.accepted().map(({ params }) => params.text)).toEqual([message.text, 'marker']);
  });

  it('is refused with 422 for another body, and with 400 where the key is none', async () => {
    const at = await broker();
    const { url } = await startProducer(at);
    await keyed(url, 'k');
    expect(await keyed(url, 'k', { ...message, text: 'pay 20 €' })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } }); // prettier-ignore
    expect(await keyed(url, 'two words')).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } });
    expect(await queued(at)).toBe(1);
  });

  it('keeps its ids when the broker refused it first', async () => {
    const at = await broker();
    const { url } = await startProducer(at);
    const deliver = at.names.deliverQueue('default');
    await at.onChannel((channel) => channel.unbindQueue(deliver, at.names.deliver, '#.to.default.normal'));
    expect((await keyed(url, 'k')).body.code).toBe('unroutable');
    const [first, second] = [await keyed(url, 'k'), await keyed(url, 'k')];
    expect([first.status, second.body.id]).toEqual([202, first.body.id]);
    expect(await queued(at)).toBe(1);
  });

  it('covers an array as a whole', async () => {
    const at = await broker();
    const { url } = await startProducer(at);
    const body = [message, { ...message, text: 'and more' }];
    const [first, second] = [await keyed(url, 'k', body), await keyed(url, 'k', body)];
    expect(second.body).toEqual(first.body);
    expect(await queued(at)).toBe(2);
  });

  it('is answered with 503 while the ledger is away, and one without a key is taken', async () => {
    const at = await broker();
    const { url } = await startProducer(at, { DATABASE_URL: 'file:/dev/null/ledger.db' }, 'listening');
    await eventually(async () => (await post(url, message)).status === 202, 'a message without a key is taken');
    const before = await queued(at);
    expect(await keyed(url, 'k')).toMatchObject({ status: 503, body: { code: 'ledger_unavailable' } });
    expect(await queued(at)).toBe(before);
  });
});

describe('An AMQP message with message_id', () => {
  it('is taken once, however often it is published', async () => {
    const at = await broker();
    await startProducer(at);
    for (let time = 0; time < 5; time++) await at.publish(at.names.inbox, 'any', message, { messageId: 'order-1' });
    await at.publish(at.names.inbox, 'any', { ...message, text: 'marker' });
    await eventually(async () => (await queued(at)) === 2, 'one message and the marker are queued');
  });

  it('is a dead letter when its id was used with another body', async () => {
    const at = await broker();
    await startProducer(at);
    await at.publish(at.names.inbox, 'any', message, { messageId: 'order-1' });
    await eventually(async () => (await queued(at)) === 1, 'the first is queued');
    await at.publish(at.names.inbox, 'any', { ...message, text: 'other' }, { messageId: 'order-1' });
    const letter = await eventually(() => at.take(at.names.dead), 'the second is dead');
    expect(letter.properties.headers).toMatchObject({ 'x-reason': 'invalid_command', 'x-description': 'message_id was used with another body within 24 hours' }); // prettier-ignore
  });
});

it.each([
  ['"order-4711"', { key: 'order-4711' }],
  ['order-4711', { key: 'order-4711' }],
  ['"a \\"b\\" c"', { key: 'a "b" c' }],
  [undefined, {}],
])('reads the header %p', (header, read) => {
  expect(readIdempotencyKey(header)).toEqual(read);
});

it.each(['', '""', '"open', 'zwei Wörter', 'k'.repeat(256)])('takes no key like %p', (header) => {
  expect(readIdempotencyKey(header)).toHaveProperty('problem');
});

it('knows a body by its content, not by the order of its fields', () => {
  expect(fingerprintOf({ a: 1, b: { c: [1, 2], d: 3 } })).toBe(fingerprintOf({ b: { d: 3, c: [1, 2] }, a: 1 }));
  expect(fingerprintOf({ a: [1, 2] })).not.toBe(fingerprintOf({ a: [2, 1] }));
});
