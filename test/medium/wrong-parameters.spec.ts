import { broker, post, postForm, request, startProducer, type Answer, type Namespace } from '../support';

const chat = { chat_id: 1 };
const button = (button: object) => ({ ...chat, text: 'x', reply_markup: { inline_keyboard: [[button]] } });
const photo = { type: 'photo', media: 'x' };

interface Problem {
  code: string;
  errors: { field: string; message: string }[];
}

describe('A message that Telegram would refuse is refused before it is queued', () => {
  let rabbit: Namespace;
  let url: string;
  beforeAll(async () => {
    rabbit = await broker();
    ({ url } = await startProducer(rabbit));
  });
  afterEach(async () => expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0));

  const errorsOf = ({ status, body: { code, errors } }: Answer<Problem>) => {
    expect([status, code]).toEqual([400, 'invalid_message']);
    return errors;
  };

  // prettier-ignore
  it.each<[field: string, message: string, body: object]>([
    ['text', 'must be given', { ...chat, method: 'sendMessage' }],
    ['text', 'must be a text', { ...chat, text: 7 }],
    ['parse_mode', 'must be one of: HTML, Markdown, MarkdownV2', { ...chat, text: 'x', parse_mode: 'bbcode' }],
    ['entities.0.length', 'must be given', { ...chat, text: 'x', entities: [{ type: 'bold', offset: 0 }] }],
    ['message_thread_id', 'must be a whole number', { ...chat, text: 'x', message_thread_id: 'general' }],
    ['reply_parameters.message_id', 'must be a whole number', { ...chat, text: 'x', reply_parameters: { message_id: '5x' } }],
    ['link_preview_options.is_disabled', 'must be true or false', { ...chat, text: 'x', link_preview_options: { is_disabled: 'no' } }],
    ['reply_markup', 'must be an object', { ...chat, text: 'x', reply_markup: 'none' }],
    ['reply_markup.inline_keyboard.0.0.callback_data', 'must be at most 64 bytes long; it has 65', button({ text: 'a', callback_data: 'x'.repeat(65) })],
    ['reply_markup.inline_keyboard.0.0.text', 'must be given', button({ callback_data: 'a' })],
    ['reply_markup.inline_keyboard.0.0.web_app.url', 'must be given', button({ text: 'a', web_app: {} })],
    ['reply_markup.inline_keyboard', 'must have at most 100 buttons; it has 101', { ...chat, text: 'x', reply_markup: { inline_keyboard: [Array(101).fill({ text: 'a', callback_data: 'a' })] } }],
    ['reply_markup.keyboard.0.1', 'must be an object or a text', { ...chat, text: 'x', reply_markup: { keyboard: [['a', 7]] } }],
    ['photo', 'must be a text: a file_id, a URL, or attach:// and the name of a file of the form', { ...chat, photo: { source: '/etc/passwd' } }],
    ['media', 'must hold 2 to 10 items; it has 11', { ...chat, media: Array(11).fill(photo) }],
    ['media.3.type', 'must be one of: live_photo, photo, video, audio, document', { ...chat, media: [photo, photo, photo, { type: 'gif', media: 'x' }] }],
    ['media.0.type', 'must be document as in the rest of the album', { ...chat, media: [photo, { type: 'document', media: 'x' }] }],
    ['options', 'must hold 1 to 12 items; it has 13', { ...chat, question: 'Why?', options: Array(13).fill('a') }],
    ['question', 'must be at most 300 characters long; it has 301', { ...chat, question: '🎉'.repeat(301), options: ['a', 'b'] }],
    ['latitude', 'must be a number', { ...chat, latitude: 'north', longitude: 1 }],
    ['message_ids.2', 'must be more than the id before it: they have to be in growing order', { ...chat, method: 'copyMessages', from_chat_id: 2, message_ids: [1, 5, 5] }],
    ['message_id', 'must be given, or inline_message_id', { ...chat, method: 'editMessageText', text: 'x' }],
    ['message_id', 'must be a whole number', { ...chat, method: 'DELETEMESSAGE', message_id: 'last' }],
    ['reaction.0.type', 'must be one of: custom_emoji, emoji, paid', { ...chat, method: 'setMessageReaction', message_id: 1, reaction: [{ type: 'stamp' }] }],
  ])('%s %s', async (field, message, body) => {
    expect(errorsOf(await post(url, body))).toEqual([{ field, message }]);
  });

  it('with every fault named, and which message of an array has it', async () => {
    const wrong = button({ text: 7, callback_data: '' });
    expect(errorsOf(await post(url, [{ ...chat, text: 'x' }, wrong])).map(({ field }) => field)).toEqual([
      '1.reply_markup.inline_keyboard.0.0.callback_data',
      '1.reply_markup.inline_keyboard.0.0.text',
    ]);
  });

  it('as a form, too', async () => {
    const media = JSON.stringify([photo, { type: 'gif', media: 'attach://p' }]);
    const answer = await postForm<Problem>(url, { chat_id: '1', media, p: { content: 'x' } });
    expect(errorsOf(answer).map(({ field }) => field)).toEqual(['media.1.type']);
  });

  it('and what Telegram may have added is not', async () => {
    const later = {
      ...chat,
      text: 'x',
      glow: 'soft',
      reply_markup: { inline_keyboard: [[{ text: 'a', teleport: {} }]] },
    };
    const { status, body } = await post<{ id: string }>(url, later);
    expect(status).toBe(202);
    expect((await request(`${url}/v1/messages/${body.id}`)).body).toMatchObject({ warnings: [] });
    expect(await rabbit.take(rabbit.names.deliverQueue('default'))).toMatchObject({
      properties: { messageId: body.id },
    });
  });
});
