import { message, sendMessage, type SendMessage } from '@app/contracts';
import { toCommand, type Defaults, type FieldError } from './to-command';

const defaults: Defaults = { chatId: undefined, bots: ['alerts', 'default'] };
const make = (body: unknown, given: Partial<Defaults> = {}) =>
  toCommand(message.parse(body), { ...defaults, ...given }) as SendMessage & FieldError;

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
  expect(payload).toEqual({ chat_id: 1, photo: 'p', later: { a: 1 }, parse_mode: 'HTML' });
});

describe('the default chat', () => {
  it.each(['sendMessage', 'copyMessages', 'forwardMessage'])('is for %s', (method) => {
    expect(make({ method }, { chatId: '7' })).toMatchObject({ chat_id: '7', payload: { chat_id: '7' } });
  });

  it.each(['editMessageText', 'deleteMessage', 'getMe'])(
    'is not for %s, which may name its message otherwise',
    (method) => {
      const command = make({ method, inline_message_id: 'x' }, { chatId: '7' });
      expect(command).not.toHaveProperty('chat_id');
      expect(command.payload).toEqual({ inline_message_id: 'x' });
    },
  );

  it('gives way to the chat that is named', () => {
    expect(make({ chat_id: '@other', text: 'x' }, { chatId: '7' })).toMatchObject({ chat_id: '@other' });
  });
});

it.each([
  ['no content', { chat_id: 1, caption: 'x' }, /method.*one content of: text,/],
  ['two contents', { chat_id: 1, text: 'x', photo: 'p' }, /method.*more than one content: text, photo/],
  ['no chat', { text: 'x' }, /chat_id.*TELEGRAM_DEFAULT_CHAT_ID/],
  ['a bot that is not set up', { chat_id: 1, text: 'x', delivery: { bot: 'b' } }, /delivery.bot.*alerts, default/],
  ['a long text', { chat_id: 1, text: 'x'.repeat(4097) }, /text.*at most 4096 UTF-16 units long; it has 4097/],
  ['a long caption', { chat_id: 1, photo: 'p', caption: '🎉'.repeat(513) }, /caption.*at most 1024.*it has 1026/],
])('says what is wrong with %s', (_, body, said) => {
  const { field, message: problem } = make(body);
  expect(`${field} ${problem}`).toMatch(said);
});

it.each([
  ['4096 units', { text: '🎉'.repeat(2048) }],
  ['more, written in HTML', { text: 'x'.repeat(5000), format: 'html' }],
  ['more, with a parse mode', { text: 'x'.repeat(5000), parse_mode: 'HTML' }],
])('takes a text of %s', (_, body) => expect(make({ chat_id: 1, ...body })).toHaveProperty('payload'));

it('takes a location with an address for a venue', () => {
  expect(make({ chat_id: 1, latitude: 1, longitude: 2 }).method).toBe('sendLocation');
  expect(make({ chat_id: 1, latitude: 1, longitude: 2, title: 't', address: 'a' }).method).toBe('sendVenue');
});
