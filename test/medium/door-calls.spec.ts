import { connect } from 'node:net';
import { botToken, eventually } from '../support';
import { aDoorway, ask, form, json, resultOf, type Doorway, type RawAnswer } from './doorway';

const secret = 'secret-of-the-billing-service';
const multipart = (fields: Record<string, string>): RequestInit => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { method: 'POST', body };
};

describe('The Bot API door', () => {
  let door: Doorway;
  let url: string;
  beforeAll(async () => {
    door = await aDoorway({ API_TOKENS: `billing:${secret}` });
    const [producer] = await Promise.all([door.producer(), door.consumer()]);
    url = producer.url;
  });
  afterEach(() => door.sandbox.reset());

  /** Asks the door and Telegram the same, and expects the same answer, byte by byte but for the second of its date. */
  async function expectSame(path: string, init?: RequestInit): Promise<void> {
    const undated = ({ text, ...answer }: RawAnswer) => ({ ...answer, text: text.replace(/"date":\d+/g, '"date":0') });
    const through = undated(await ask(url, `${botToken}/${path}`, init));
    const calls = door.sandbox.journal().map(({ method, params }) => ({ method, params }));
    door.sandbox.reset();
    expect(through).toEqual(undated(await ask(door.sandbox.url, `${botToken}/${path}`, init)));
    expect(calls).toEqual(door.sandbox.journal().map(({ method, params }) => ({ method, params })));
  }

  it('answers with Telegram’s own result once the message is delivered, and sends it once', async () => {
    const message = {
      chat_id: 1001,
      text: 'hi',
      reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] },
    };
    const answer = await ask(url, `${botToken}/sendMessage`, json(message));
    expect(answer).toMatchObject({ status: 200, type: 'application/json', retryAfter: null });
    expect(resultOf(answer)).toMatchObject({ message_id: 1, text: 'hi', chat: { id: 1001, type: 'private' } });
    expect(door.sandbox.accepted()).toMatchObject([{ method: 'sendMessage', params: message }]);
  });

  it.each<[string, string, RequestInit?]>([
    ['a query', 'sendMessage?chat_id=1001&text=a%20b%2Bc+d&disable_notification=true'],
    ['a query of a POST', 'sendMessage?chat_id=1001&text=x', { method: 'POST' }],
    [
      'JSON',
      'sendMessage',
      json({ chat_id: -5, text: 'héllo 👩‍👩‍👧', entities: [{ type: 'bold', offset: 0, length: 5 }] }),
    ],
    ['JSON with what is null, and what looks like a file', 'sendMessage', json({ chat_id: 5, text: 'x', parse_mode: null, photo: { url: 'http://a.b/c' } })], // prettier-ignore
    ['a form', 'sendMessage', form({ chat_id: '5', text: 'a+b & ü', reply_markup: '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}' })], // prettier-ignore
    ['multipart', 'sendMessage', multipart({ chat_id: '5', text: 'a\r\nb' })],
    ['query and body, of which the query counts', 'sendMessage?text=q', json({ chat_id: 5, text: 'b' })],
    ['a name twice, of which the first counts', 'sendMessage', form('chat_id=5&text=a&text=b&chat_id=6')],
    ['a method in other letters', 'SENDmessage', json({ chat_id: 5, text: 'x' })],
    ['a method that Telegram does not have yet', 'sendHologram', json({ chat_id: 5, depth: 3 })],
    ['an edit', 'editMessageText', json({ chat_id: 5, message_id: 77, text: 'new' })],
    [
      'a reaction',
      'setMessageReaction',
      json({ chat_id: 5, message_id: 77, reaction: [{ type: 'emoji', emoji: '👍' }] }),
    ],
    ['a method that goes straight on', 'getMe'],
    ['one with parameters in a form', 'setMyCommands', form({ commands: '[{"command":"a","description":"b"}]' })],
    ['one with parameters in the query', 'getChat?chat_id=1001'],
    ['chat actions, which are worth nothing later', 'sendChatAction', json({ chat_id: 5, action: 'typing' })],
  ])('takes %s as Telegram does', async (_, ...call) => {
    await expectSame(...call);
  });

  it.each<[string, string, RequestInit?]>([
    ['no text', 'sendMessage', json({ chat_id: 5 })],
    ['no chat', 'sendMessage', json({ text: 'x' })],
    ['no parameters', 'sendMessage', { method: 'POST' }],
    ['a text that is too long', 'sendMessage', json({ chat_id: 5, text: 'x'.repeat(4097) })],
    ['markup that cannot be parsed', 'sendMessage', json({ chat_id: 5, text: '<b>x', parse_mode: 'HTML' })],
    ['a chat id that is none', 'sendMessage', json({ chat_id: 'no chat', text: 'x' })],
    ['a chat id of the wrong type', 'sendMessage', json({ chat_id: { id: 5 }, text: 'x' })],
    ['a body that is no JSON', 'sendMessage', json('{"chat_id":5,"text":"x"')],
    ['a body that is no object', 'sendMessage', json('[1,2]')],
    [
      'a body of another kind',
      'sendMessage',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'chat_id=5' },
    ],
    ['a prototype among the parameters', 'sendMessage', json('{"__proto__":{"text":"x"},"chat_id":5}')],
    ['an edit without a message', 'editMessageText', json({ chat_id: 5, text: 'new' })],
  ])('hands Telegram’s refusal of %s on, byte by byte', (_, ...call) => expectSame(...call));

  it('refuses a giant body as Telegram does, and goes on with the connection', async () => {
    const giant = json({ chat_id: 5, text: 'x'.repeat(2_000_000) });
    expect(await ask(url, `${botToken}/sendMessage`, giant)).toEqual(await ask(door.sandbox.url, `${botToken}/sendMessage`, giant)); // prettier-ignore
    expect(resultOf(await ask(url, `${botToken}/getMe`))).toMatchObject({ id: 123456 });
  });

  it('goes on after clients that break off half way, or send a body with a wrong token', async () => {
    const { hostname, port } = new URL(url);
    const head = `POST /bot${botToken}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    const socket = connect(Number(port), hostname);
    await new Promise<void>((sent) => socket.write(`${head}Content-Length: 100\r\n\r\n{"chat_id":5,`, () => sent()));
    socket.destroy();
    const body = 'x'.repeat(500_000);
    expect(await ask(url, '123456:wrong/sendMessage', json(body))).toMatchObject({ status: 401 });
    expect(resultOf(await ask(url, `${botToken}/getMe`))).toMatchObject({ id: 123456 });
    expect(door.sandbox.accepted({ method: 'sendMessage' })).toEqual([]);
  });

  it('hands on what Telegram says of a chat, mends nothing, and tells where a group has gone', async () => {
    const { sandbox } = door;
    const states = { blocked: 403, kicked: 403, deactivated: 403, not_found: 400 } as const;
    for (const [at, [state, code]] of Object.entries(states).entries()) {
      const call = json({ chat_id: 3000 + at, text: 'x' });
      sandbox.chat(3000 + at, state as keyof typeof states);
      const answer = await ask(url, `${botToken}/sendMessage`, call);
      expect(answer).toEqual(await ask(sandbox.url, `${botToken}/sendMessage`, call));
      expect(answer.status).toBe(code);
      expect(await ask(url, `${botToken}/sendMessage`, call)).toEqual(answer); // Asked again, though it is suppressed.
    }
    sandbox.chat(-40, { state: 'migrated', migrate_to_chat_id: -1001234567890 });
    const moved = await ask(url, `${botToken}/sendMessage`, json({ chat_id: -40, text: 'x' }));
    expect(moved).toEqual(await ask(sandbox.url, `${botToken}/sendMessage`, json({ chat_id: -40, text: 'x' })));
    expect(JSON.parse(moved.text)).toMatchObject({ parameters: { migrate_to_chat_id: -1001234567890 } });
    expect(await door.at.count(door.at.names.dead)).toBe(0); // Its clients were told.
  });

  it('waits out a 429 instead of handing it on', async () => {
    door.sandbox.fault({ times: 1, fault: { kind: 'code', error_code: 429, retry_after: 1 } });
    const answer = await ask(url, `${botToken}/sendMessage`, json({ chat_id: 8, text: 'patient' }));
    expect(resultOf(answer)).toMatchObject({ text: 'patient' });
    expect(door.sandbox.journal().map(({ verdict }) => verdict)).toEqual(['refused', 'accepted']);
  });

  it('takes a secret of the API after any digits, where there is one bot', async () => {
    expect(resultOf(await ask(url, `987:${secret}/sendMessage`, json({ chat_id: 5, text: 'x' })))).toMatchObject({
      text: 'x',
    });
    expect(resultOf(await ask(url, `987:${secret}/getMe`))).toMatchObject({ id: 123456 });
    expect(door.sandbox.journal().map(({ bot }) => bot)).toEqual(['123456', '123456']);
  });

  it.each([
    ['a wrong token', `123456:wrong/getMe`],
    ['a wrong token of a call that is queued', `123456:wrong/sendMessage`],
    ['a token that is none', 'nonsense/getMe'],
    ['no token', '/getMe'],
    ['a method that is none', `${botToken}/get.Me`],
    ['no method', `${botToken}/`],
    ['an address that cannot be decoded', '%zz:x/getMe'],
  ])('refuses %s as Telegram does, and asks nobody', async (_, path) => {
    const strict = await aDoorway({}, { tokens: [botToken] }); // A Telegram that knows its bots.
    expect(await ask(url, path)).toEqual(await ask(strict.sandbox.url, path));
    expect(door.sandbox.journal()).toEqual([]);
  });

  it.each(['PUT', 'DELETE', 'OPTIONS'])('knows no %s', async (method) => {
    const answer = await ask(url, `${botToken}/sendMessage`, { method });
    expect(answer).toMatchObject({ status: 404, text: '{"ok":false,"error_code":404,"description":"Not Found"}' });
  });

  it('streams files through, and says 404 where there is none', async () => {
    const bytes = Buffer.alloc(3_000_000, 'file');
    const upload = new FormData();
    upload.set('chat_id', '5');
    upload.set('document', new Blob([bytes]), 'a.bin');
    await ask(url, `${botToken}/sendDocument`, { method: 'POST', body: upload });
    const [file_id] = await fileIds();
    const { file_path } = resultOf(await ask(url, `${botToken}/getFile?file_id=${file_id}`)) as { file_path: string };
    const download = await fetch(`${url}/file/bot987:${secret}/${file_path}`);
    expect(download.headers.get('content-length')).toBe('3000000');
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
    const missing = await fetch(`${url}/file/bot${botToken}/files/none`);
    expect(await missing.text()).toBe('{"ok":false,"error_code":404,"description":"Not Found"}');
    expect((await fetch(`${url}/file/bot123456:wrong/${file_path}`)).status).toBe(401);
  });

  async function fileIds(): Promise<string[]> {
    const answer = await fetch(`${door.sandbox.url}/sandbox/chats/5/messages`);
    return [...(await answer.text()).matchAll(/"file_id":"([^"]+)"/g)].map(([, id]) => id as string);
  }

  it('lets a long poll last, and ends it when the client hangs up', async () => {
    const start = performance.now();
    expect(resultOf(await ask(url, `${botToken}/getUpdates`, json({ timeout: 1 })))).toEqual([]);
    expect(performance.now() - start).toBeGreaterThan(990);

    const client = new AbortController();
    const hung = ask(url, `${botToken}/getUpdates`, { ...json({ timeout: 30 }), signal: client.signal });
    await door.sandbox.waitFor(2);
    client.abort();
    await expect(hung).rejects.toThrow('abort');
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    await eventually(async () => /telegramq_bot_api_waiting 0/.test(await metrics()), 'nobody waits');
  });

  it('says 502 where Telegram gives no answer to a call that goes straight on', async () => {
    const gateway = { status: 502, text: '{"ok":false,"error_code":502,"description":"Bad Gateway"}' };
    for (const fault of [{ kind: 'html' }, { kind: 'reset' }, { kind: 'empty' }] as const) {
      door.sandbox.fault({ match: { method: 'getMe' }, fault });
      expect(await ask(url, `${botToken}/getMe`)).toMatchObject(gateway);
    }
  });

  it('leaves the rest of the API to JSON', async () => {
    const answer = await fetch(`${url}/v1/messages`, {
      ...form({ text: 'x' }),
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
  });

  it('counts how requests ended', async () => {
    await ask(url, `${botToken}/sendMessage`, json({ chat_id: 5, text: 'x' }));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const kind of ['result', 'refusal', 'passed', 'refused']) {
      expect(metrics).toMatch(new RegExp(`telegramq_bot_api_answers_total\\{kind="${kind}"\\} [1-9]`));
    }
  });
});
