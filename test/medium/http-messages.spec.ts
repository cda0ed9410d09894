import { priorities, sendMessage, type SendMessage } from '@app/contracts';
import { broker, post, startProducer, type Namespace } from '../support';

const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const bots = { TELEGRAM_BOT_TOKEN: '1:x', TELEGRAM_BOT_TOKEN_ALERTS: '2:x' };

describe('POST /v1/messages', () => {
  let rabbit: Namespace;
  let url: string;
  beforeAll(async () => {
    rabbit = await broker();
    ({ url } = await startProducer(rabbit, { ...bots, TELEGRAM_DEFAULT_CHAT_ID: '4711' }));
  });

  /** What stands on the delivery queue of a bot now, as the consumer reads it. */
  async function queued(bot = 'default'): Promise<SendMessage[]> {
    const queues = priorities.map((priority) => rabbit.names.deliverQueue(bot, priority));
    const messages = (await Promise.all(queues.map((name) => rabbit.takeAll(name)))).flat();
    return messages.map(({ content }) => {
      const { pattern, data } = JSON.parse(content.toString()) as { pattern: string; data: unknown };
      expect(pattern).toBe('message.send');
      return sendMessage.parse(data);
    });
  }

  /** What becomes of one message that must be taken. */
  async function sent(message: Record<string, unknown>, bot?: string): Promise<SendMessage> {
    expect(await post(url, message)).toMatchObject({ status: 202 });
    const [command, ...more] = await queued(bot);
    expect(more).toEqual([]);
    return command as SendMessage;
  }

  it('answers 202 with the id, the status, the chat, the method, the time and where the message is', async () => {
    const { status, headers, body } = await post(url, { chat_id: 42, text: 'hello' });
    expect(status).toBe(202);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({
      id: expect.stringMatching(uuidv7),
      status: 'queued',
      chat_id: 42,
      method: 'sendMessage',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(headers.get('location')).toBe(`/v1/messages/${String(body.id)}`);
    await queued();
  });

  it('puts exactly the command on the delivery queue, persistent and with its id', async () => {
    const before = Date.now();
    const { body } = await post(url, { chat_id: 42, text: 'hello', delivery: { ref: 'order 7' } });
    const [message, ...more] = await rabbit.takeAll(rabbit.names.deliverQueue('default'));
    expect(more).toEqual([]);
    const { created_at, ...command } = JSON.parse(String(message?.content)).data as SendMessage;
    expect(command).toEqual({
      version: 1,
      id: body.id,
      bot: 'default',
      method: 'sendMessage',
      payload: { chat_id: 42, text: 'hello' },
      chat_id: 42,
      priority: 'normal',
      on_uncertain: 'resend',
      ref: 'order 7',
    });
    expect(created_at).toBeGreaterThanOrEqual(before);
    expect(new Date(created_at).toISOString()).toBe(body.created_at);
    expect(message?.properties).toMatchObject({ messageId: body.id, deliveryMode: 2 });
  });

  it('takes an array of 1000 as a whole and answers in its order', async () => {
    const texts = Array.from({ length: 1000 }, (_, index) => `message ${index}`);
    const { status, headers, body } = await post<Record<string, unknown>[]>(
      url,
      texts.map((text, index) => ({ chat_id: index + 1, text })),
    );
    expect(status).toBe(202);
    expect(headers.get('location')).toBeNull();
    const commands = await queued();
    expect(commands.map(({ payload }) => payload.text)).toEqual(texts);
    expect(body.map(({ id }) => id)).toEqual(commands.map(({ id }) => id));
    expect(new Set(body.map(({ id }) => id)).size).toBe(1000);
  });

  it('refuses an array as a whole, naming the index of each wrong message', async () => {
    const array: unknown[] = Array.from({ length: 50 }, (_, index) => ({ chat_id: 1, text: `message ${index}` }));
    array[7] = { chat_id: 1, text: 7 };
    array[31] = { chat_id: 0, text: 'x' };
    const { status, body } = await post(url, array);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      expect.objectContaining({ field: '7.text' }),
      expect.objectContaining({ field: '31.chat_id' }),
    ]);
    expect(await queued()).toEqual([]);
  });

  it.each([
    ['none', []],
    ['1001', Array.from({ length: 1001 }, () => ({ chat_id: 1, text: 'x' }))],
  ])('refuses an array of %s', async (_, array) => {
    const { status, body } = await post(url, array);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'invalid_message',
      errors: [{ message: expect.stringContaining('1 to 1000') }],
    });
    expect(await queued()).toEqual([]);
  });

  it.each<[field: string, message: unknown]>([
    ['text', { text: 7 }],
    ['text', { text: '' }],
    ['text', { text: 'x'.repeat(4097), delivery: { overflow: 'reject' } }],
    ['caption', { photo: 'file', caption: 'x'.repeat(1025), delivery: { overflow: 'reject' } }],
    ['delivery.overflow', { text: 'x', delivery: { overflow: 'cut' } }],
    ['chat_id', { chat_id: 'nobody', text: 'x' }],
    ['chat_id', { chat_id: 1.5, text: 'x' }],
    ['chat_id', { chat_id: null, text: 'x' }],
    ['method', { method: 'send message', text: 'x' }],
    ['method', { text: 'x', photo: 'y' }],
    ['method', {}],
    ['format', { text: 'x', format: 'bbcode' }],
    ['format', { text: 'x', format: 'html', parse_mode: 'HTML' }],
    ['disable_notification', { text: 'x', disable_notification: 'perhaps' }],
    ['reply_markup', { text: 'x', reply_markup: 'none' }],
    ['message_thread_id', { text: 'x', message_thread_id: 1.5 }],
    ['delivery', { text: 'x', delivery: 'soon' }],
    ['delivery.bot', { text: 'x', delivery: { bot: 'Nobody!' } }],
    ['delivery.bot', { text: 'x', delivery: { bot: 'nobody' } }],
    ['delivery.priority', { text: 'x', delivery: { priority: 9 } }],
    ['delivery.ttl', { text: 'x', delivery: { ttl: 0 } }],
    ['delivery.ttl', { text: 'x', delivery: { ttl: '10 minutes' } }],
    ['delivery.ttl', { text: 'x', delivery: { ttl: 367 * 24 * 3600 } }],
    ['delivery.on_uncertain', { text: 'x', delivery: { on_uncertain: 'ask' } }],
    ['delivery.ref', { text: 'x', delivery: { ref: '' } }],
    ['delivery.speed', { text: 'x', delivery: { speed: 'fast' } }],
    ['', 'a text'],
    ['', null],
  ])('names the wrong field: %s in %j', async (field, message) => {
    const { status, headers, body } = await post(url, JSON.stringify(message));
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status: 400, code: 'invalid_message', title: expect.any(String) });
    expect(body.errors).toEqual([{ field, message: expect.stringMatching(/\w/) }]);
    expect(await queued()).toEqual([]);
  });

  it.each<[method: string, content: Record<string, unknown>]>([
    ['sendMessage', { text: 'x' }],
    ['sendPhoto', { photo: 'https://example.org/x.jpg', caption: 'x' }],
    ['sendVideo', { video: 'x' }],
    ['sendAnimation', { animation: 'x' }],
    ['sendAudio', { audio: 'x', title: 'x' }],
    ['sendDocument', { document: 'x' }],
    ['sendSticker', { sticker: 'x' }],
    ['sendVoice', { voice: 'x' }],
    ['sendVideoNote', { video_note: 'x' }],
    ['sendMediaGroup', { media: Array(2).fill({ type: 'photo', media: 'x' }) }],
    ['sendPoll', { question: 'x', options: ['a', 'b'] }],
    ['sendContact', { phone_number: '1', first_name: 'x' }],
    ['sendVenue', { latitude: 1, longitude: 2, title: 'x', address: 'y' }],
    ['sendLocation', { latitude: 1, longitude: 2 }],
    ['sendDice', { emoji: '🎲' }],
    ['sendChatAction', { action: 'typing' }],
    ['copyMessage', { method: 'copyMessage', from_chat_id: 1, message_id: 2 }],
    ['editMessageText', { method: 'editMessageText', message_id: 2, text: 'x' }],
  ])('calls %s for %j', async (method, content) => {
    const { method: _, ...parameters } = content;
    expect(await sent({ chat_id: 42, ...content })).toMatchObject({
      method,
      payload: { chat_id: 42, ...parameters },
    });
  });

  it('passes parameters that it does not know as they are', async () => {
    const parameters = {
      text: 'ünïcödé 🎉 \u0000 \u2028 "\\',
      'a key, with: signs': { deep: [1, [2, { x: null }], false, 1.5e-7, -0.1, ''] },
      link_preview_options: { is_disabled: true },
      next_years_parameter: '  untrimmed  ',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    };
    expect((await sent({ chat_id: '@channel', ...parameters })).payload).toEqual({
      chat_id: '@channel',
      ...parameters,
    });
  });

  it('keeps a number of 64 bits that comes as a text', async () => {
    expect(await sent({ chat_id: '-1009007199254740993', text: 'x' })).toMatchObject({
      chat_id: '-1009007199254740993',
      payload: { chat_id: '-1009007199254740993' },
    });
  });

  it('sends to the default chat what names none', async () => {
    expect(await sent({ text: 'x' })).toMatchObject({ chat_id: '4711', payload: { chat_id: '4711', text: 'x' } });
  });

  it('needs a chat where there is no default chat', async () => {
    const other = await broker();
    const producer = await startProducer(other);
    const { status, body } = await post(producer.url, { text: 'x' });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field: 'chat_id', message: expect.stringContaining('TELEGRAM_DEFAULT_CHAT_ID') }]);
    expect(await other.count(other.names.deliverQueue('default'))).toBe(0);
  });

  it('hands the message to the queue of the bot that it names', async () => {
    expect(await sent({ chat_id: 1, text: 'x', delivery: { bot: 'alerts' } }, 'alerts')).toMatchObject({
      bot: 'alerts',
    });
    expect(await queued()).toEqual([]);
  });

  it.each([
    ['plain', '<b>x</b>', { text: '<b>x</b>' }],
    ['markdown', '**x**', { text: 'x', entities: [{ type: 'bold', offset: 0, length: 1 }] }],
    ['html', '<b>x</b>', { text: 'x', entities: [{ type: 'bold', offset: 0, length: 1 }] }],
    ['markdownv2', '*x*', { text: 'x', entities: [{ type: 'bold', offset: 0, length: 1 }] }],
  ])('reads a text in the format %s', async (format, text, shown) => {
    expect((await sent({ chat_id: 1, text, format })).payload).toEqual({ chat_id: 1, ...shown });
  });

  it('takes markup that Telegram would refuse as it was written, and says so', async () => {
    const { payload, degradations } = await sent({ chat_id: 1, text: '1 < 2', format: 'html' });
    expect([payload, degradations]).toEqual([{ chat_id: 1, text: '1 < 2' }, ['plain_text']]);
  });

  it('leaves a text with a parse mode of the caller’s to Telegram, unless it is too long', async () => {
    const text = '<b>x</b>';
    const payload = { chat_id: 1, text, parse_mode: 'HTML' };
    expect((await sent(payload)).payload).toEqual(payload);
  });

  it.each([
    [90, 90],
    ['90s', 90],
    ['10m', 600],
    ['1h', 3600],
    ['2d', 172_800],
  ])('lets a message with the ttl %j expire after %d s', async (ttl, seconds) => {
    const { created_at, expires_at } = await sent({ chat_id: 1, text: 'x', delivery: { ttl } });
    expect(expires_at).toBe(created_at + seconds * 1000);
  });

  it('keeps the rest of the envelope', async () => {
    const delivery = { priority: 'high', on_uncertain: 'drop', ref: 'order 7' } as const;
    expect(await sent({ chat_id: 1, text: 'x', delivery })).toMatchObject(delivery);
  });
});
