import { message, sendMessage, type FieldError, type SendMessage } from '@app/contracts';
import { toCommand, type Defaults } from './to-command';

const defaults: Defaults = { chatId: undefined, bots: ['alerts', 'default'] };
const make = (body: unknown, given: Partial<Defaults> = {}) =>
  [toCommand(message.parse(body), { ...defaults, ...given })].flat()[0] as SendMessage & FieldError;

it('makes a command that the consumer takes', () => {
  const command = make({
    chat_id: 1,
    text: 'x',
    delivery: { ttl: '1m', ref: 'r', priority: 'bulk', on_uncertain: 'drop' },
  });
  expect(sendMessage.parse(command)).toEqual(command);
  expect(command.expires_at).toBe(command.created_at + 60_000);
});

it('gives ids that grow', () => {
  const ids = Array.from({ length: 1_000 }, () => make({ chat_id: 1, text: 'x' }).id);
  expect(ids).toEqual([...new Set(ids)].sort());
});

it('leaves the envelope out of the payload, and every parameter in', () => {
  const { payload } = make({
    method: 'sendPhoto',
    format: 'html',
    delivery: {},
    chat_id: 1,
    photo: 'p',
    later: { a: 1 },
  });
  expect(payload).toEqual({ chat_id: 1, photo: 'p', later: { a: 1 } });
});

describe('the default chat', () => {
  it.each([
    { method: 'sendMessage', text: 'x' },
    { method: 'copyMessages', from_chat_id: 1, message_ids: [1] },
    { method: 'sendHologram' },
  ])('is for $method', (message) => {
    expect(make(message, { chatId: '7' })).toMatchObject({ chat_id: '7', payload: { chat_id: '7' } });
  });

  it.each(['editMessageText', 'stopMessageLiveLocation', 'getMe'])(
    'is not for %s, which may name its message otherwise',
    (method) => {
      const command = make({ method, inline_message_id: 'x' }, { chatId: '7' });
      expect(command).not.toHaveProperty('chat_id');
      expect(command.payload).toEqual({ inline_message_id: 'x' });
    },
  );

  it.each([
    { method: 'sendGift', user_id: 5, gift_id: 'g' },
    { method: 'sendChatJoinRequestWebApp', chat_join_request_query_id: 'q', web_app_url: 'https://example.org/' },
  ])('is not for $method, which does without', (message) => {
    expect(make(message, { chatId: '7' })).not.toHaveProperty('chat_id');
    expect(make(message).method).toBe(message.method);
  });

  it('gives way to the chat that is named', () => {
    expect(make({ chat_id: '@other', text: 'x' }, { chatId: '7' })).toMatchObject({ chat_id: '@other' });
  });
});

/** Not to be split. */
const whole = { delivery: { overflow: 'reject' } };

it.each<[string, object, RegExp]>([
  ['no content', { chat_id: 1, caption: 'x' }, /method.*one content of: text,/],
  ['two contents', { chat_id: 1, text: 'x', photo: 'p' }, /method.*more than one content: text, photo/],
  ['no chat', { text: 'x' }, /chat_id.*TELEGRAM_DEFAULT_CHAT_ID/],
  ['a bot that is not set up', { chat_id: 1, text: 'x', delivery: { bot: 'b' } }, /delivery.bot.*alerts, default/],
  ['a long text', { chat_id: 1, text: 'x'.repeat(4097), ...whole }, /text.*at most 4096 UTF-16 units .*; it has 4097/],
  [
    'a long caption',
    { chat_id: 1, photo: 'p', caption: '🎉'.repeat(513), ...whole },
    /caption.*at most 1024.*has 1026/,
  ],
  [
    'a long text that Telegram alone can read',
    { chat_id: 1, text: 'x'.repeat(4097), parse_mode: 'Markdown' },
    /text.*at most 4096/,
  ],
  ['a text without anything to see', { chat_id: 1, text: '<b> </b>', format: 'html' }, /text must show some text/],
  [
    'a long text that replaces one',
    { method: 'editMessageText', chat_id: 1, message_id: 2, text: 'x'.repeat(4097) },
    /text/,
  ],
])('says what is wrong with %s', (_, body, said) => {
  const { field, message: problem } = make(body);
  expect(`${field} ${problem}`).toMatch(said);
});

it.each([
  ['4096 units', 1, { text: '🎉'.repeat(2048) }],
  ['4096 units and as much markup', 1, { text: '<b></b>'.repeat(999) + 'x'.repeat(4096), format: 'html' }],
  ['more', 2, { text: 'x'.repeat(5000) }],
  ['more, written in HTML', 2, { text: 'x'.repeat(5000), format: 'html' }],
  ['more, with a parse mode', 2, { text: 'x'.repeat(5000), parse_mode: 'HTML' }],
])('takes a text of %s in %d calls', (_, calls, body) => {
  const command = make({ chat_id: 1, ...body });
  expect([command.version, 1 + (command.rest?.length ?? 0)]).toEqual([calls > 1 ? 2 : 1, calls]);
});

it('leaves the topic General out, as Telegram wants it', () => {
  expect(make({ chat_id: 1, text: 'x', message_thread_id: 1 }).payload).toEqual({ chat_id: 1, text: 'x' });
  expect(make({ chat_id: 1, text: 'x', message_thread_id: 2 }).payload).toMatchObject({ message_thread_id: 2 });
});

it('takes a location with an address for a venue', () => {
  expect(make({ chat_id: 1, latitude: 1, longitude: 2 }).method).toBe('sendLocation');
  expect(make({ chat_id: 1, latitude: 1, longitude: 2, title: 't', address: 'a' }).method).toBe('sendVenue');
});
