import type { UserFromGetMe } from '@grammyjs/types';
import { probe } from '../probe.fixture';
import type { Sandbox } from '../sandbox';
import { startSandbox } from '../server';

const HTTP = 'https://e.x/file.bin';

describe('what methods answer', () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox({ limits: 'off' })));
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());
  const call = (method: string, params: object) => probe(sandbox, method, { chat_id: 5, ...params });

  it.each<[string, object, object]>([
    ['sendPhoto', { photo: HTTP }, { photo: expect.any(Array) }],
    ['sendVideo', { video: HTTP, has_spoiler: true }, { video: { file_name: 'file.bin' }, has_media_spoiler: true }],
    ['sendAnimation', { animation: HTTP }, { animation: {}, document: {} }],
    ['sendAudio', { audio: HTTP, title: 'T' }, { audio: { title: 'T' } }],
    ['sendVoice', { voice: HTTP }, { voice: {} }],
    ['sendVideoNote', { video_note: HTTP }, { video_note: {} }],
    ['sendSticker', { sticker: 'CAACAgIAAx' }, { sticker: { file_id: 'CAACAgIAAx' } }],
    ['sendLocation', { latitude: 48.2, longitude: 16.4 }, { location: { latitude: 48.2, longitude: 16.4 } }],
    ['sendVenue', { latitude: 1, longitude: 2, title: 'T', address: 'A' }, { venue: { title: 'T', address: 'A' } }],
    ['sendContact', { phone_number: '1', first_name: 'A' }, { contact: { phone_number: '1' } }],
    [
      'sendPoll',
      { question: 'Q', options: ['a', { text: 'b' }] },
      { poll: { options: [{ text: 'a' }, { text: 'b' }] } },
    ],
    ['sendDice', {}, { dice: { emoji: '🎲' } }],
    ['sendRichMessage', { rich_message: { markdown: '# x' } }, { rich_message: { markdown: '# x' } }],
    ['sendHologram', { hologram: 'future' }, { hologram: 'future' }],
  ])('%s: the message', async (method, params, part) => {
    const { result } = await call(method, params);
    expect(result).toMatchObject({ message_id: 1, chat: { id: 5 }, ...part });
    expect(sandbox.accepted()).toMatchObject([{ method, verdict: 'accepted', message_ids: [1] }]);
  });

  it.each(['sendChatAction', 'setMyCommands', 'banChatMember', 'answerCallbackQuery', 'someMethodOfNextYear'])(
    '%s: true',
    async (method) => {
      expect((await call(method, { action: 'typing' })).result).toBe(true);
    },
  );

  it('getMe: a bot with an answer to everything that clients ask about one', async () => {
    const { id, first_name, username, is_bot, ...abilities } = (await call('getMe', {})).result as UserFromGetMe;
    expect({ id, first_name, username, is_bot }).toMatchObject({ id: 7000000001, is_bot: true });
    expect(Object.values(abilities)).toEqual(Array(10).fill(expect.any(Boolean)));
  });

  it('counts messages per chat, and albums, copies and forwards by their items', async () => {
    const photo = { type: 'photo', media: HTTP };
    const album = await call('sendMediaGroup', { media: [photo, { ...photo, caption: 'c' }] });
    expect(album.result.map((one: any) => one.message_id)).toEqual([1, 2]);
    expect(new Set(album.result.map((one: any) => one.media_group_id)).size).toBe(1);
    const copies = await call('copyMessages', { chat_id: 6, from_chat_id: 5, message_ids: [1, 2] });
    expect(copies.result).toEqual([{ message_id: 1 }, { message_id: 2 }]);
    expect((await call('copyMessage', { from_chat_id: 5, message_id: 2 })).result).toEqual({ message_id: 3 });
    expect((await call('forwardMessage', { from_chat_id: 5, message_id: 2 })).result).toMatchObject({
      message_id: 4,
      caption: 'c',
      forward_origin: {},
    });
    expect(sandbox.accepted().map(({ message_ids }) => message_ids)).toEqual([[1, 2], [1, 2], [3], [4]]);
  });

  it('edits the message that is there, and says so when nothing changes', async () => {
    await call('sendMessage', {
      text: 'one',
      reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'y' }]] },
    });
    const edited = await call('editMessageText', { message_id: 1, text: '<b>two</b>', parse_mode: 'HTML' });
    expect(edited.result).toMatchObject({
      message_id: 1,
      text: 'two',
      entities: [{ type: 'bold' }],
      edit_date: expect.any(Number),
    });
    expect(edited.result.reply_markup).toBeUndefined();
    const again = await call('editMessageText', { message_id: 1, text: '*two*', parse_mode: 'MarkdownV2' });
    expect(again).toMatchObject({ error_code: 400, description: expect.stringContaining('message is not modified') });
    await call('sendPhoto', { photo: HTTP, caption: 'c' });
    expect((await call('editMessageCaption', { message_id: 2 })).result.caption).toBeUndefined();
    const replaced = await call('editMessageMedia', {
      message_id: 2,
      media: { type: 'video', media: HTTP, caption: 'v' },
    });
    expect(replaced.result).toMatchObject({ video: {}, caption: 'v' });
    expect(replaced.result.photo).toBeUndefined();
  });

  it('deletes once, and pins', async () => {
    await call('sendMessage', { text: 'one' });
    expect((await call('pinChatMessage', { message_id: 1 })).result).toBe(true);
    expect((await call('deleteMessage', { message_id: 1 })).result).toBe(true);
    expect((await call('deleteMessage', { message_id: 1 })).ok).toBe(false);
    expect((await call('deleteMessages', { message_ids: [1, 2] })).result).toBe(true);
    expect((await call('editMessageText', { message_id: 1, text: 'x' })).description).toBe(
      'Bad Request: message to edit not found',
    );
  });

  it('knows a chat by name and by number as one', async () => {
    const { result } = await call('sendMessage', { chat_id: '@News', text: 'one' });
    expect((await call('editMessageText', { chat_id: result.chat.id, message_id: 1, text: 'two' })).ok).toBe(true);
  });
});
