import { probe } from '../probe.fixture';
import type { Sandbox } from '../sandbox';
import { startSandbox } from '../server';

const button = (part: object) => ({ inline_keyboard: [[{ text: 'x', ...part }]] });
const photo = { type: 'photo', media: 'https://e.x/1.jpg' };
const document = { type: 'document', media: 'https://e.x/1.pdf' };

describe('what Telegram refuses', () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox({ limits: 'off' })));
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  it.each<[string, string, object, string]>([
    ['no chat', 'sendMessage', { chat_id: '', text: 'x' }, 'chat_id is empty'],
    ['a chat that cannot be', 'sendMessage', { chat_id: 'nobody', text: 'x' }, 'chat not found'],
    ['no text', 'sendMessage', { text: '' }, 'message text is empty'],
    ['a blank text', 'sendMessage', { text: ' \n ' }, 'text must be non-empty'],
    ['a long text', 'sendMessage', { text: 'x'.repeat(4097) }, 'message is too long'],
    [
      'a long caption',
      'sendPhoto',
      { photo: 'https://e.x/1.jpg', caption: 'x'.repeat(1025) },
      'message caption is too long',
    ],
    ['an unknown parse mode', 'sendMessage', { text: 'x', parse_mode: 'BBCode' }, 'unsupported parse_mode'],
    [
      'broken HTML',
      'sendMessage',
      { text: '<b>x', parse_mode: 'html' },
      `can't parse entities: Can't find end tag corresponding to start tag "b"`,
    ],
    [
      'entities out of bounds',
      'sendMessage',
      { text: 'x', entities: [{ type: 'bold', offset: 0, length: 2 }] },
      'entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 2',
    ],
    [
      'half an emoji',
      'sendMessage',
      { text: '👍', entities: [{ type: 'bold', offset: 0, length: 1 }] },
      'entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at UTF-16 offset 1',
    ],
    [
      'a large callback',
      'sendMessage',
      { text: 'x', reply_markup: button({ callback_data: 'é'.repeat(33) }) },
      'BUTTON_DATA_INVALID',
    ],
    [
      'an empty callback',
      'sendMessage',
      { text: 'x', reply_markup: button({ callback_data: '' }) },
      'BUTTON_DATA_INVALID',
    ],
    [
      '101 buttons',
      'sendMessage',
      {
        text: 'x',
        reply_markup: { inline_keyboard: Array.from({ length: 101 }, () => [{ text: 'x', callback_data: 'y' }]) },
      },
      'reply markup is too long',
    ],
    [
      'a button without effect',
      'sendMessage',
      { text: 'x', reply_markup: button({}) },
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      'markup that is no JSON',
      'sendMessage',
      { text: 'x', reply_markup: '{"inline' },
      "can't parse reply keyboard markup JSON object",
    ],
    ['the General topic by number', 'sendMessage', { text: 'x', message_thread_id: 1 }, 'message thread not found'],
    ['a photo that is not there', 'sendPhoto', {}, 'there is no photo in the request'],
    [
      'an attachment that is not there',
      'sendPhoto',
      { photo: 'attach://a' },
      'wrong file identifier/HTTP URL specified',
    ],
    ['an album of one', 'sendMediaGroup', { media: [photo] }, 'too few messages to send as an album'],
    ['an album of eleven', 'sendMediaGroup', { media: Array(11).fill(photo) }, 'too many messages to send as an album'],
    [
      'documents among photos',
      'sendMediaGroup',
      { media: [photo, document] },
      "document can't be mixed with other media types",
    ],
    [
      'ids out of order',
      'copyMessages',
      { from_chat_id: 1, message_ids: [2, 1] },
      'message identifiers must be in a strictly increasing order',
    ],
    [
      '101 ids',
      'forwardMessages',
      { from_chat_id: 1, message_ids: Array.from({ length: 101 }, (_, id) => id + 1) },
      'too many message identifiers specified',
    ],
    ['an edit of nothing', 'editMessageText', { message_id: 9, text: 'x' }, 'message to edit not found'],
    ['a deletion of nothing', 'deleteMessage', { message_id: 9 }, 'message to delete not found'],
  ])('%s', async (_name, method, params, why) => {
    const { status, ok, error_code, description } = await probe(sandbox, method, { chat_id: 5, ...params });
    expect({ status, ok, error_code, description }).toEqual({
      status: 400,
      ok: false,
      error_code: 400,
      description: `Bad Request: ${why}`,
    });
    expect(sandbox.journal()).toMatchObject([
      { verdict: 'refused', error: { description: `Bad Request: ${why}` }, message_ids: [] },
    ]);
  });

  it('counts 4096 characters by code points, after the markup is gone', async () => {
    expect((await probe(sandbox, 'sendMessage', { chat_id: 5, text: '👍'.repeat(4096) })).ok).toBe(true);
    expect(
      (await probe(sandbox, 'sendMessage', { chat_id: 5, text: `<b>${'x'.repeat(4096)}</b>`, parse_mode: 'HTML' })).ok,
    ).toBe(true);
  });

  it('loses entities after the hundredth', async () => {
    const entities = Array.from({ length: 120 }, (_, offset) => ({ type: 'bold', offset, length: 1 }));
    expect(
      (await probe(sandbox, 'sendMessage', { chat_id: 5, text: 'x'.repeat(120), entities })).result.entities,
    ).toHaveLength(100);
  });

  it.each([
    ['blocked', 403, 'Forbidden: bot was blocked by the user'],
    ['kicked', 403, 'Forbidden: bot was kicked from the supergroup chat'],
    ['deactivated', 403, 'Forbidden: user is deactivated'],
    ['not_found', 400, 'Bad Request: chat not found'],
    ['no_rights', 400, 'Bad Request: have no write access to the chat'],
  ] as const)('a chat that is %s', async (state, error_code, description) => {
    sandbox.chat(-1001000000005, state);
    for (const method of ['sendMessage', 'sendChatAction', 'getChat', 'banChatMember']) {
      const refused = await probe(sandbox, method, { chat_id: -1001000000005, text: 'x', action: 'typing' });
      expect(refused).toMatchObject({ status: error_code, error_code, description });
    }
  });

  it('a group that became a supergroup, naming its new id', async () => {
    sandbox.chat(-5, { state: 'migrated', migrate_to_chat_id: -1001234567890 });
    expect(await probe(sandbox, 'sendMessage', { chat_id: -5, text: 'x' })).toMatchObject({
      status: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -1001234567890 },
    });
  });

  it('topics and replied messages that are said to be missing', async () => {
    sandbox.chat(-5, { missing_threads: [7], missing_messages: [9] });
    const send = (part: object) => probe(sandbox, 'sendMessage', { chat_id: -5, text: 'x', ...part });
    expect((await send({ message_thread_id: 7 })).description).toBe('Bad Request: message thread not found');
    expect((await send({ message_thread_id: 8 })).result).toMatchObject({
      message_thread_id: 8,
      is_topic_message: true,
    });
    expect((await send({ reply_parameters: { message_id: 9 } })).description).toBe(
      'Bad Request: message to be replied not found',
    );
    expect((await send({ reply_parameters: { message_id: 9, allow_sending_without_reply: true } })).ok).toBe(true);
    expect((await send({ reply_to_message_id: 1 })).result.reply_to_message).toMatchObject({
      message_id: 1,
      text: 'x',
    });
  });

  it('a second message in a second, with Retry-After, and lets another chat through', async () => {
    sandbox.limits('on');
    const send = (chat_id: number) => probe(sandbox, 'sendMessage', { chat_id, text: 'x' });
    expect((await send(5)).ok).toBe(true);
    const refused = await send(5);
    expect(refused).toMatchObject({
      status: 429,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await send(6)).ok).toBe(true);
    expect(sandbox.accepted()).toHaveLength(2);
  });

  it('methods that it is told to know nothing of', async () => {
    sandbox.refuseMethods(['sendRichMessage']);
    expect(await probe(sandbox, 'sendRichMessage', { chat_id: 5 })).toMatchObject({
      status: 404,
      description: 'Not Found: method not found',
    });
  });
});
