import fc from 'fast-check';
import { checkCall } from './check-call';
import { methodNames } from './types';

const chat = { chat_id: 1 };
const button = (button: object) => ({ ...chat, text: 'x', reply_markup: { inline_keyboard: [[button]] } });
const photo = { type: 'photo', media: 'x' };
const album = (...media: object[]) => ({ ...chat, media });
const poll = { ...chat, question: 'Why?', options: ['a', { text: 'b' }] };

describe('a call that Telegram takes', () => {
  // prettier-ignore
  it.each<[string, Record<string, unknown>]>([
    ['sendMessage', { ...chat, text: 'x', later: { a: 1 }, parse_mode: 'html', message_thread_id: '5' }],
    ['SENDMESSAGE', { ...chat, text: 'x', disable_notification: 'true', parse_mode: '', reply_markup: {} }],
    ['sendMessage', { ...chat, text: 'x', entities: '[{"type":"bold","offset":0,"length":1}]' }],
    ['sendMessage', { ...chat, text: 'x', entities: [{ type: 'glowing', offset: 0, length: 1 }] }],
    ['sendMessage', { ...chat, text: 'x', reply_markup: '{"keyboard":[["plain",{"text":"b"}]]}' }],
    ['sendMessage', button({ text: 'a', callback_data: 'é'.repeat(32) })],
    ['sendMessage', button({ text: 'a', pay: true, style: 'shiny' })],
    ['sendMessage', button({ text: 'a', teleport: {} })],
    ['sendLocation', { ...chat, latitude: '52.5', longitude: 13 }],
    ['sendDice', { ...chat, emoji: '🛸' }],
    ['sendChatAction', { ...chat, action: 'think_hard' }],
    ['sendPhoto', { ...chat, photo: 'attach://p' }],
    ['sendMediaGroup', { ...chat, media: JSON.stringify([photo, { type: 'video', media: 'attach://v' }]) }],
    ['sendPoll', { ...poll, type: 'quiz', correct_option_ids: [1] }],
    ['setMessageReaction', { ...chat, message_id: 2, reaction: [{ type: 'emoji', emoji: '🛸' }] }],
    ['editMessageText', { inline_message_id: 'i', text: 'x' }],
    ['copyMessages', { ...chat, from_chat_id: '@abc', message_ids: [1, '2', 5] }],
    ['sendRichMessage', { ...chat, rich_message: { blocks: [{ type: 'paragraph', text: ['a', { type: 'bold', text: 'b' }] }] } }],
    ['sendHologram', { hologram: 7, chat_id: [] }],
  ])('%s %j', (method, payload) => expect(checkCall(method, payload)).toEqual([]));
});

describe('a call that Telegram would refuse', () => {
  const keyboard = (buttons: number) => Array(buttons).fill([{ text: 'a', url: 'https://example.org' }]) as object[];

  type Refused = [method: string, payload: Record<string, unknown>, field: string, message: string];

  // prettier-ignore
  const refused: Refused[] = [
    ['sendMessage', chat, 'text', 'must be given'],
    ['sendMessage', { ...chat, text: '' }, 'text', 'must not be empty'],
    ['sendMessage', { ...chat, text: 7 }, 'text', 'must be a text'],
    ['sendMessage', { ...chat, text: 'x', parse_mode: 'bbcode' }, 'parse_mode', 'must be one of: HTML, Markdown, MarkdownV2'],
    ['sendMessage', { ...chat, text: 'x', message_thread_id: 1.5 }, 'message_thread_id', 'must be a whole number'],
    ['sendMessage', { ...chat, text: 'x', disable_notification: 'perhaps' }, 'disable_notification', 'must be true or false'],
    ['sendMessage', { ...chat, text: 'x', entities: '{}' }, 'entities', 'must be an array'],
    ['sendMessage', { ...chat, text: 'x', entities: [{ type: 'bold', offset: 0 }] }, 'entities.0.length', 'must be given'],
    ['sendMessage', { ...chat, text: 'x', reply_markup: 'none' }, 'reply_markup', 'must be an object'],
    ['sendMessage', { ...chat, text: 'x', reply_markup: { inline_keyboard: [{ text: 'a' }] } }, 'reply_markup.inline_keyboard.0', 'must be an array'],
    ['sendMessage', { ...chat, text: 'x', reply_markup: { keyboards: [] , selective: true, force_reply: 'x' } }, 'reply_markup.force_reply', 'must be true or false'],
    ['sendMessage', { ...chat, text: 'x', reply_parameters: { message_id: 'x' } }, 'reply_parameters.message_id', 'must be a whole number'],
    ['sendMessage', button({ text: 'a', callback_data: 'é'.repeat(33) }), 'reply_markup.inline_keyboard.0.0.callback_data', 'must be at most 64 bytes long; it has 66'],
    ['sendMessage', button({ text: 'a', callback_data: '' }), 'reply_markup.inline_keyboard.0.0.callback_data', 'must not be empty'],
    ['sendMessage', button({ callback_data: 'a' }), 'reply_markup.inline_keyboard.0.0.text', 'must be given'],
    ['sendMessage', button({ text: 'a' }), 'reply_markup.inline_keyboard.0.0', 'must have one of: callback_data, copy_text, disabled, callback_game, login_url, pay, switch_inline_query, switch_inline_query_chosen_chat, switch_inline_query_current_chat, url, web_app'],
    ['sendMessage', { ...chat, text: 'x', reply_markup: { inline_keyboard: keyboard(101) } }, 'reply_markup.inline_keyboard', 'must have at most 100 buttons; it has 101'],
    ['sendMessage', button({ text: 'a', url: `https://${'x'.repeat(11_000)}` }), 'reply_markup', 'must be at most 10240 bytes as JSON; it has 11053'],
    ['sendPhoto', { ...chat, photo: { source: '/tmp/x' } }, 'photo', 'must be a text: a file_id, a URL, or attach:// and the name of a file of the form'],
    ['sendPhoto', { ...chat, photo: '' }, 'photo', 'must not be empty'],
    ['sendLocation', { ...chat, latitude: 'north', longitude: 1 }, 'latitude', 'must be a number'],
    ['sendMediaGroup', album(photo), 'media', 'must hold 2 to 10 items; it has 1'],
    ['sendMediaGroup', album(photo, photo, photo, { type: 'gif', media: 'x' }), 'media.3.type', 'must be one of: live_photo, photo, video, audio, document'],
    ['sendMediaGroup', album(photo, { media: 'x' }), 'media.1.type', 'must be one of: live_photo, photo, video, audio, document'],
    ['sendMediaGroup', album(photo, { type: 'document', media: 'x' }), 'media.0.type', 'must be document as in the rest of the album'],
    ['sendMediaGroup', album(photo, { ...photo, show_caption_above_media: true }), 'media.1.show_caption_above_media', 'must be the same for all of the album'],
    ['sendPaidMedia', { ...album(photo), star_count: 25_001 }, 'star_count', 'must be 1 to 25000'],
    ['sendPoll', { ...poll, question: 'x'.repeat(301) }, 'question', 'must be at most 300 characters long; it has 301'],
    ['sendPoll', { ...poll, options: [] }, 'options', 'must hold 1 to 12 items; it has 0'],
    ['sendPoll', { ...poll, options: ['a', 7] }, 'options.1', 'must be an object or a text'],
    ['sendPoll', { ...poll, options: [{ text: 'x'.repeat(101) }] }, 'options.0.text', 'must be at most 100 characters long; it has 101'],
    ['sendPoll', { ...poll, type: 'quiz' }, 'correct_option_ids', 'must be given for a quiz'],
    ['sendPoll', { ...poll, type: 'quiz', correct_option_ids: [2] }, 'correct_option_ids.0', 'must be the index of an option, 0 to 1'],
    ['copyMessages', { ...chat, from_chat_id: 1, message_ids: [2, 2] }, 'message_ids.1', 'must be more than the id before it: they have to be in growing order'],
    ['deleteMessages', { ...chat, message_ids: [] }, 'message_ids', 'must hold 1 to 100 items; it has 0'],
    ['deleteMessages', { ...chat, message_ids: Array(101).fill(1) }, 'message_ids', 'must hold 1 to 100 items; it has 101'],
    ['setMessageReaction', { ...chat, message_id: 1, reaction: [{ type: 'stamp' }] }, 'reaction.0.type', 'must be one of: custom_emoji, emoji, paid'],
    ['editMessageText', { ...chat, text: 'x' }, 'message_id', 'must be given, or inline_message_id'],
    ['pinChatMessage', { message_id: 1 }, 'chat_id', 'must be given'],
    ['sendMessage', { chat_id: 0, text: 'x' }, 'chat_id', 'must be a number other than 0, or @name'],
    ['sendMessage', { ...chat, text: 'x', reply_markup: '['.repeat(50_000) + ']'.repeat(50_000) }, 'reply_markup', 'must be an object'],
  ];

  it.each(refused.map(([method, payload, ...error]) => [method, ...error, payload] as const))(
    '%s: %s %s',
    (method, field, message, payload) => {
      expect(checkCall(method, payload)).toEqual([{ field, message }]);
    },
  );

  it('is told at most 20 faults of', () => {
    expect(checkCall('deleteMessages', { ...chat, message_ids: Array(100).fill('x') })).toHaveLength(20);
  });
});

describe('whatever comes, the check ends soon and throws nothing', () => {
  const method = fc.constantFrom(...methodNames);
  const tree = (value: fc.Arbitrary<unknown>) =>
    fc.dictionary(
      fc.constantFrom(
        'chat_id',
        'text',
        'media',
        'reply_markup',
        'options',
        'message_ids',
        'rich_message',
        '__proto__',
      ),
      fc.oneof(
        value,
        value.map((one) => JSON.stringify(one)),
      ),
    );

  it('with any JSON', () => {
    fc.assert(
      fc.property(method, tree(fc.jsonValue({ maxDepth: 30 })), (name, payload) => {
        for (const { field, message } of checkCall(name, payload)) {
          expect(field).not.toBe('');
          expect(message).toMatch(/^must /);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  /** A button of every kind at once, in whose text there is another one. */
  const nested = (levels: number): object => ({
    type: 'button',
    button: {
      ...{ callback_data: 'a', url: 'u', disabled: {}, copy_text: { text: 'a' }, switch_inline_query: '' },
      text: levels === 0 ? 'x' : nested(levels - 1),
    },
  });

  it('with values that fit many types on many levels', () => {
    const started = performance.now();
    checkCall('sendRichMessage', { ...chat, rich_message: { blocks: [{ type: 'paragraph', text: nested(14) }] } });
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('with a megabyte of small values', () => {
    const started = performance.now();
    const rows = Array.from({ length: 20_000 }, () => [{ text: 'a', callback_data: 'a' }]);
    expect(checkCall('sendMessage', { ...chat, text: 'x', reply_markup: { inline_keyboard: rows } })).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
