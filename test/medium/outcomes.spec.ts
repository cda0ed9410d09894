import type { Reason, SendMessage } from '@app/contracts';
import { findMessage } from '@app/ledger';
import type { FaultSpec, Sandbox } from '../../apps/sandbox/src/sandbox';
import {
  aCommand,
  aSandbox,
  broker,
  eventually,
  openLedger,
  queue,
  startConsumer,
  type Namespace,
  type RunningApp,
} from '../support';

type CodeFault = Omit<Extract<FaultSpec['fault'], { kind: 'code' }>, 'kind'>;

describe('what becomes of a message', () => {
  let rabbit: Namespace;
  let sandbox: Sandbox;
  let consumer: RunningApp;
  beforeAll(async () => {
    rabbit = await broker();
    sandbox = await aSandbox();
    consumer = await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url });
  });

  /** A chat of each test's own, so that no test waits for another's. */
  let chat = 1000;
  beforeEach(() => {
    chat += 1;
  });

  const fault = (what: CodeFault) => sandbox.fault({ match: { chat_id: chat }, fault: { kind: 'code', ...what } });
  const calls = () => sandbox.journal({ chat_id: chat });
  const callsMade = (count: number, timeoutMs?: number) =>
    sandbox.waitFor((journal) => journal.filter(({ chat_id }) => chat_id === chat).length >= count, timeoutMs);

  /** The dead letter that a command becomes, which must be the only one. */
  async function deadLetter(command: SendMessage) {
    const letter = await eventually(() => rabbit.take(rabbit.names.dead), 'a dead letter');
    expect(JSON.parse(letter.content.toString())).toEqual({ pattern: 'message.send', data: command });
    expect(letter.properties.messageId).toBe(command.id);
    expect(await rabbit.count(rabbit.names.dead)).toBe(0);
    return letter.properties.headers as Record<string, unknown>;
  }

  it('sends the call as it is, once', async () => {
    const payload = { text: 'ü 🎉', reply_markup: { inline_keyboard: [[{ text: 'a', url: 'https://example.org' }]] } };
    await queue(rabbit, aCommand({ chat_id: chat, payload }));
    await callsMade(1);
    expect(calls()).toMatchObject([
      { method: 'sendMessage', verdict: 'accepted', params: { chat_id: chat, ...payload } },
    ]);
  });

  it.each([
    ['bot_blocked', 403, 'blocked'],
    ['bot_kicked', 403, 'kicked'],
    ['user_deactivated', 403, 'deactivated'],
    ['chat_not_found', 400, 'not_found'],
    ['not_enough_rights', 400, 'no_rights'],
  ] as const)('makes a dead letter with %s, after one attempt', async (reason, errorCode, state) => {
    sandbox.chat(chat, state);
    const command = aCommand({ chat_id: chat });
    await queue(rabbit, command);
    expect(await deadLetter(command)).toMatchObject({
      'x-reason': reason,
      'x-error-code': errorCode,
      'x-description': expect.stringMatching(/^(Bad Request|Forbidden): \w/),
      'x-attempts': 1,
      'x-queue': rabbit.names.deliverQueue('default'),
      'x-failed-at': expect.stringMatching(/Z$/),
    });
    expect(calls()).toHaveLength(1);
  });

  it('sends to the supergroup that a group became, once, and from then on at once', async () => {
    const supergroup = -1009876543210;
    sandbox.chat(chat, { state: 'migrated', migrate_to_chat_id: supergroup });
    await queue(rabbit, ...['one', 'two'].map((text) => aCommand({ chat_id: chat, payload: { text } })));
    const sent = () => sandbox.accepted().filter(({ chat_id }) => chat_id === supergroup);
    await eventually(() => sent().length === 2, 'both arrived');
    expect(sent().map(({ params }) => params.text)).toEqual(['one', 'two']);
    expect(calls()).toHaveLength(1);
  });

  it.each([
    [
      'as plain text',
      'plain_text',
      "Bad Request: can't parse entities: at byte 5",
      { text: '*x', parse_mode: 'MarkdownV2' },
    ],
    [
      'outside a topic that is gone',
      'without_thread',
      'Bad Request: message thread not found',
      { text: 'x', message_thread_id: 9 },
    ],
    [
      ...(['without a reply', 'without_reply', 'Bad Request: message to be replied not found'] as const),
      { text: 'x', reply_parameters: { message_id: 7 } },
    ],
  ])('sends once more %s what was refused for it, and says so', async (_, degradation, description, payload) => {
    fault({ error_code: 400, description });
    const command = aCommand({ chat_id: chat, payload });
    await queue(rabbit, command);
    await callsMade(2);
    expect(calls().map(({ verdict }) => verdict)).toEqual(['refused', 'accepted']);
    expect(calls()[1]!.params).toEqual({ chat_id: chat, text: payload.text });
    const ledger = await openLedger(rabbit.environment.DATABASE_URL);
    const report = await eventually(async () => {
      const found = await findMessage(ledger, command.id);
      return found?.status === 'sent' && found;
    }, 'it is on record as sent');
    expect(report.degradations).toEqual([degradation]);
  });

  it('makes no second call to a chat that blocked the bot, until a message there is sent again on purpose', async () => {
    sandbox.chat(chat, 'blocked');
    const commands = [aCommand({ chat_id: chat }), aCommand({ chat_id: chat })];
    for (const command of commands) {
      await queue(rabbit, command);
      expect(await deadLetter(command)).toMatchObject({ 'x-reason': 'bot_blocked' });
    }
    expect(calls()).toHaveLength(1);
    sandbox.chat(chat, 'open');
    await queue(rabbit, aCommand({ chat_id: chat, replay_of: commands[1]!.id }));
    await callsMade(2);
    await queue(rabbit, aCommand({ chat_id: chat }));
    await callsMade(3);
    expect(calls().map(({ verdict }) => verdict)).toEqual(['refused', 'accepted', 'accepted']);
  });

  it.each<[Reason, number, string]>([
    // With nothing in it that could be left out.
    ['thread_not_found', 400, 'Bad Request: message thread not found'],
    ['reply_not_found', 400, 'Bad Request: message to be replied not found'],
    ['bad_markup', 400, "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 5"],
    ['too_long', 400, 'Bad Request: message is too long'],
    ['too_long', 413, 'Request Entity Too Large'],
    ['bad_file', 400, 'Bad Request: wrong file identifier/HTTP URL specified'],
    ['method_not_found', 404, 'Not Found: method not found'],
    ['bad_request', 400, 'Bad Request: something that nobody has seen yet'],
  ])('makes a dead letter with %s of %d %s', async (reason, error_code, description) => {
    fault({ error_code, description });
    const command = aCommand({ chat_id: chat });
    await queue(rabbit, command);
    expect(await deadLetter(command)).toMatchObject({
      'x-reason': reason,
      'x-error-code': error_code,
      'x-description': description,
      'x-attempts': 1,
    });
    expect(calls()).toHaveLength(1);
  });

  it('waits as long as a 429 says, to the second, and then sends once', async () => {
    fault({ error_code: 429, retry_after: 3 });
    await queue(rabbit, aCommand({ chat_id: chat }));
    await callsMade(2, 10_000);
    const [first, second, ...more] = calls();
    expect(more).toEqual([]);
    expect([first?.verdict, second?.verdict]).toEqual(['refused', 'accepted']);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(3_000);
    expect(second!.at - first!.at).toBeLessThan(4_500);
  });

  it('tries again after a fault of Telegram, before the next message of the chat', async () => {
    fault({ error_code: 502 });
    const payloads = ['first', 'second'].map((text) => ({ text }));
    await queue(rabbit, ...payloads.map((payload) => aCommand({ chat_id: chat, payload })));
    await callsMade(3, 15_000);
    expect(calls().map(({ params, verdict }) => [params.text, verdict])).toEqual([
      ['first', 'refused'],
      ['first', 'accepted'],
      ['second', 'accepted'],
    ]);
  });

  const lostAnswer = (): FaultSpec => ({ match: { chat_id: chat }, fault: { kind: 'reset', processed: true } });

  it('sends no second time after a lost answer, where the caller says drop', async () => {
    sandbox.fault(lostAnswer());
    const command = aCommand({ chat_id: chat, on_uncertain: 'drop' });
    await queue(rabbit, command);
    expect(await deadLetter(command)).toMatchObject({ 'x-reason': 'no_answer', 'x-attempts': 1 });
    expect(sandbox.accepted({ chat_id: chat })).toHaveLength(1);
  });

  it('sends again after a lost answer, where the caller says resend', async () => {
    sandbox.fault(lostAnswer());
    await queue(rabbit, aCommand({ chat_id: chat, on_uncertain: 'resend' }));
    await callsMade(2);
    expect(calls().map(({ verdict }) => verdict)).toEqual(['lost', 'accepted']);
  });

  it('does not send what has expired', async () => {
    const command = aCommand({ chat_id: chat, expires_at: Date.now() - 1 });
    await queue(rabbit, command);
    expect(await deadLetter(command)).toMatchObject({ 'x-reason': 'expired', 'x-attempts': 0 });
    expect(calls()).toEqual([]);
  });

  it('does not send what expires while it waits', async () => {
    fault({ error_code: 429, retry_after: 2 });
    const command = aCommand({ chat_id: chat, expires_at: Date.now() + 1_000 });
    await queue(rabbit, command);
    expect(await deadLetter(command)).toMatchObject({ 'x-reason': 'expired' });
    expect(calls()).toHaveLength(1);
  });

  it.each<[what: string, body: unknown]>([
    ['nothing', Buffer.alloc(0)],
    ['bytes', Buffer.from([0, 255, 1])],
    ['no object', '7'],
    ['null', 'null'],
    ['nesting', `{"pattern":"message.send","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['no envelope', aCommand()],
    ['an unknown pattern', { pattern: 'message.burn', data: aCommand() }],
    ['a pattern with the name of a method of objects', { pattern: 'constructor', data: aCommand() }],
    ['no command', { pattern: 'message.send', data: { chat_id: 42, text: 'x' } }],
    ['a version that is not known here', { pattern: 'message.send', data: { ...aCommand(), version: 99 } }],
  ])('makes a dead letter of a delivery that holds %s, with its bytes', async (_, body) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    await rabbit.publish(rabbit.names.deliver, 'default', bytes);
    const letter = await eventually(() => rabbit.take(rabbit.names.dead), 'a dead letter');
    expect(letter.content.equals(bytes)).toBe(true);
    expect(letter.properties.headers).toMatchObject({
      'x-reason': 'invalid_command',
      'x-description': expect.stringMatching(/\w/),
    });
  });

  it('leaves nothing unacknowledged of all that', async () => {
    await consumer.close(); // The broker takes back what is not acknowledged.
    expect(await rabbit.count(rabbit.names.deliverQueue('default'))).toBe(0);
    expect(await rabbit.count(rabbit.names.dead)).toBe(0);
  });
});
