import { priorities, sendMessage, type Priority, type SendMessage } from '@app/contracts';
import type { Options } from 'amqplib';
import fc from 'fast-check';
import { broker, eventually, startProducer, type Namespace } from '../support';

const bots = { TELEGRAM_BOT_TOKEN: '1:x', TELEGRAM_BOT_TOKEN_ALERTS: '2:x' };

describe('the AMQP inbox', () => {
  let rabbit: Namespace;
  let close: () => Promise<void>;
  beforeAll(async () => {
    rabbit = await broker();
    ({ close } = await startProducer(rabbit, { ...bots, TELEGRAM_DEFAULT_CHAT_ID: '4711' }));
  });

  const publish = (body: unknown, options: Options.Publish = {}, exchange = rabbit.names.inbox, key = 'any.key') =>
    rabbit.publish(exchange, key, body, options);

  /** So many commands, once they stand on the delivery queue of a bot. */
  async function delivered(count: number, bot = 'default', priority?: Priority): Promise<SendMessage[]> {
    const queue = rabbit.names.deliverQueue(bot, priority);
    await eventually(async () => (await rabbit.count(queue)) >= count, `${count} on ${queue}`);
    const messages = await rabbit.takeAll(queue);
    const commands = messages.map(({ content }) => (JSON.parse(content.toString()) as { data: unknown }).data);
    expect(await rabbit.count(rabbit.names.dead)).toBe(0);
    return commands.map((command) => sendMessage.parse(command));
  }

  it('takes JSON as the HTTP door does', async () => {
    await publish({ chat_id: 42, text: '<b>hello</b>', format: 'html', delivery: { ref: 'order 7' } });
    const [command] = await delivered(1);
    expect(command).toMatchObject({
      method: 'sendMessage',
      ref: 'order 7',
      payload: { chat_id: 42, text: 'hello', entities: [{ type: 'bold', offset: 0, length: 5 }] },
    });
  });

  it("takes JSON inside Nest's envelope", async () => {
    await publish({ pattern: 'message.send', data: { chat_id: 42, photo: 'file' } });
    expect(await delivered(1)).toMatchObject([{ method: 'sendPhoto', payload: { chat_id: 42, photo: 'file' } }]);
  });

  it('takes an array, in its order', async () => {
    const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
    await publish(texts.map((text) => ({ chat_id: 42, text })));
    expect((await delivered(100)).map(({ payload }) => payload.text)).toEqual(texts);
  });

  it('takes a plain text for the default chat', async () => {
    await publish('Grüße 🎉', { contentType: 'text/plain' });
    expect(await delivered(1)).toMatchObject([{ payload: { chat_id: '4711', text: 'Grüße 🎉' } }]);
  });

  it('takes a plain text for the chat that its header names', async () => {
    await publish('{"not":"JSON"}', { contentType: 'text/plain; charset=utf-8', headers: { chat_id: 42 } });
    await publish('x', { contentType: 'text/plain', headers: { chat_id: '@channel' } });
    expect(await delivered(2)).toMatchObject([
      { payload: { chat_id: 42, text: '{"not":"JSON"}' } },
      { payload: { chat_id: '@channel', text: 'x' } },
    ]);
  });

  it('takes what MQTT and STOMP clients publish', async () => {
    await publish({ chat_id: 42, text: 'from a sensor' }, {}, 'amq.topic', rabbit.names.inbox);
    expect(await delivered(1)).toMatchObject([{ payload: { text: 'from a sensor' } }]);
  });

  it("reads AMQP's expiration as the ttl and a priority of 5 or more as high", async () => {
    await publish({ chat_id: 42, text: 'x' }, { expiration: '90000', priority: 5 });
    await publish(
      { chat_id: 42, text: 'x', delivery: { ttl: 60, priority: 'bulk' } },
      { expiration: 90_000, priority: 9 },
    );
    await publish({ chat_id: 42, text: 'x' }, { priority: 4 });
    const [fromProperties] = await delivered(1, 'default', 'high');
    const [fromBody] = await delivered(1, 'default', 'bulk');
    const [neither] = await delivered(1);
    expect(fromProperties).toMatchObject({ priority: 'high', expires_at: fromProperties!.created_at + 90_000 });
    expect(fromBody).toMatchObject({ priority: 'bulk', expires_at: fromBody!.created_at + 60_000 });
    expect(neither).toMatchObject({ priority: 'normal' });
    expect(neither).not.toHaveProperty('expires_at');
  });

  it('hands the message to the queue of the bot that it names', async () => {
    await publish({ chat_id: 42, text: 'x', delivery: { bot: 'alerts' } });
    expect(await delivered(1, 'alerts')).toMatchObject([{ bot: 'alerts' }]);
  });

  describe('makes a dead letter, with the reason and the original bytes, of', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    it.each<[what: string, body: unknown, options: Options.Publish]>([
      ['nothing', Buffer.alloc(0), {}],
      ['white space', ' \n', {}],
      ['bytes', Buffer.from([0, 255, 254, 128, 10]), {}],
      ['bytes that say they are text', Buffer.from('café', 'latin1'), { contentType: 'text/plain' }],
      ['an empty text', '', { contentType: 'text/plain' }],
      ['a text for no chat', 'x', { contentType: 'text/plain', headers: { chat_id: 'nobody' } }],
      ['a text for a table of chats', 'x', { contentType: 'text/plain', headers: { chat_id: { a: 1 } } }],
      ['a number', '7', {}],
      ['a text in quotes', '"hello"', {}],
      ['null', 'null', {}],
      ['half an object', '{"chat_id":42,"text":"x"', {}],
      ['an empty array', '[]', {}],
      ['an array with one that is wrong', [{ chat_id: 42, text: 'x' }, 7], {}],
      ['a wrong field', { chat_id: 42, text: 7 }, {}],
      ['a bot that is not set up', { chat_id: 42, text: 'x', delivery: { bot: 'nobody' } }, {}],
      ['half a surrogate pair', '{"chat_id":42,"text":"\\ud800"}', {}],
      ['an unknown pattern', { pattern: 'message.destroy', data: { chat_id: 42, text: 'x' } }, {}],
      ['a pattern that is none', { pattern: { cmd: 'x' }, data: { chat_id: 42, text: 'x' } }, {}],
      ['an envelope with nothing in it', { pattern: 'message.send', data: null }, {}],
      ['a pattern of a handler inside', { pattern: 'message.accept', data: { chat_id: 42, text: 'x' } }, {}],
      ['another encoding', { chat_id: 42, text: 'x' }, { contentEncoding: 'gzip' }],
      ['nesting', deep, {}],
      ['nesting below an unknown parameter', `{"chat_id":42,"text":"x","extra":${deep}}`, {}],
      ['nesting below an envelope', `{"pattern":"message.send","data":${deep}}`, {}],
    ])('%s', async (_, body, options) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      await publish(bytes, { messageId: 'theirs', ...options, headers: { theirs: true, ...options.headers } });
      const letter = await eventually(() => rabbit.take(rabbit.names.dead), 'a dead letter');
      expect(letter.content.equals(bytes)).toBe(true);
      expect(letter.properties.messageId).toBe('theirs');
      expect(letter.properties.headers).toMatchObject({
        theirs: true,
        'x-reason': 'invalid_command',
        'x-description': expect.stringMatching(/\w/),
        'x-queue': rabbit.names.inbox,
        'x-failed-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      });
      expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0);
    });
  });

  it('ends every message: 2,000 of any bytes and properties are sent on or dead letters, and none is stuck', async () => {
    // RabbitMQ itself refuses a message whose CC or BCC is not a list of routing keys.
    const headerName = fc.string({ maxLength: 20 }).filter((name) => !/^B?CC$/.test(name));
    const options = fc.record(
      {
        contentType: fc.constantFrom('text/plain', 'application/json', 'application/octet-stream', '💥', ''),
        contentEncoding: fc.constantFrom('utf-8', 'gzip', 'UTF8', ' '),
        expiration: fc.constantFrom('600000', '999999999'),
        priority: fc.nat(255),
        messageId: fc.string({ maxLength: 50 }),
        headers: fc.dictionary(headerName, fc.oneof(fc.string(), fc.integer(), fc.boolean())),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.object().map((message) => Buffer.from(JSON.stringify({ chat_id: 1, text: 'x', ...message }))),
      fc
        .anything()
        .map((data) => Buffer.from(JSON.stringify({ pattern: 'message.send', data: data ?? null }, bigInts))),
    );
    const samples = fc.sample(fc.tuple(body, options), 2_000);
    await rabbit.publishAll(rabbit.names.inbox, 'any', samples);
    const queues = [rabbit.names.dead, ...priorities.map((priority) => rabbit.names.deliverQueue('default', priority))];
    const ended = () => Promise.all(queues.map((it) => rabbit.count(it)));
    await eventually(
      async () => (await ended()).reduce((sum, count) => sum + count) === samples.length,
      'all have ended',
    );
    await close(); // Hands back what was still unacknowledged.
    expect(await rabbit.count(rabbit.names.inbox)).toBe(0);
  });
});

const bigInts = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
