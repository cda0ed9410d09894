import { createHash } from 'node:crypto';
import { probe, PROBE_TOKEN } from '../probe.fixture';
import type { Sandbox } from '../sandbox';
import { startSandbox } from '../server';

describe('request encodings', () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox({ limits: 'off' })));
  afterEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  it('takes JSON', async () => {
    const { status, result } = await probe(sandbox, 'sendMessage', {
      chat_id: 5,
      text: 'héllo',
      entities: [{ type: 'bold', offset: 0, length: 5 }],
    });
    expect(status).toBe(200);
    expect(result).toMatchObject({
      message_id: 1,
      text: 'héllo',
      entities: [{ type: 'bold', offset: 0, length: 5 }],
      chat: { id: 5, type: 'private', first_name: 'User 5' },
      from: { id: 7000000001, is_bot: true },
    });
    expect(Math.abs(result.date - Date.now() / 1000)).toBeLessThan(5);
  });

  it('takes form bodies and queries, with structures as JSON text', async () => {
    const markup = JSON.stringify({ inline_keyboard: [[{ text: 'x', callback_data: 'y' }]] });
    const form = await probe(
      sandbox,
      'sendMessage',
      new URLSearchParams({ chat_id: '5', text: 'a+b & ü', reply_markup: markup }),
    );
    expect(form.result).toMatchObject({
      text: 'a+b & ü',
      reply_markup: { inline_keyboard: [[{ callback_data: 'y' }]] },
    });
    const query = await fetch(`${sandbox.url}/bot${PROBE_TOKEN}/SENDmessage?chat_id=@news&text=hi`);
    expect(await query.json()).toMatchObject({ ok: true, result: { chat: { type: 'channel', username: 'news' } } });
    expect(sandbox.journal({ method: 'sendMessage' }).map(({ chat_id }) => chat_id)).toEqual([5, '@news']);
  });

  it('takes the first parameter of a name, and those of the query before the body', async () => {
    const answer = await fetch(`${sandbox.url}/bot${PROBE_TOKEN}/sendMessage?chat_id=5&text=a&text=b`, {
      method: 'POST',
      body: new URLSearchParams('text=c&disable_notification=true&disable_notification=false'),
    });
    expect(await answer.json()).toMatchObject({ ok: true, result: { text: 'a' } });
    expect(sandbox.journal()).toMatchObject([{ params: { chat_id: '5', text: 'a', disable_notification: 'true' } }]);
  });

  it('gives an upload back under the path that getFile names', async () => {
    const bytes = Buffer.from('%PDF-1.7 \u0000\u00ff');
    const form = new FormData();
    form.set('chat_id', '5');
    form.set('document', new Blob([bytes]), 'a.pdf');
    const { result } = await probe(sandbox, 'sendDocument', form);
    const { file_id } = (result as unknown as { document: { file_id: string } }).document;
    const file = await probe(sandbox, 'getFile', { file_id });
    const { file_path } = file.result as unknown as { file_path: string };
    const download = await fetch(`${sandbox.url}/file/bot${PROBE_TOKEN}/${file_path}`);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(bytes);
    const missing = await fetch(`${sandbox.url}/file/bot${PROBE_TOKEN}/files/none`);
    expect([missing.status, await missing.json()]).toEqual([404, { ok: false, error_code: 404, description: 'Not Found' }]); // prettier-ignore
  });

  it('takes multipart with a file under its field, and with attach://', async () => {
    const bytes = Buffer.alloc(300_000, 'x');
    const form = new FormData();
    form.set('chat_id', '-5');
    form.set('caption', 'Прив*е*т');
    form.set('parse_mode', 'Markdown');
    form.set('document', new Blob([bytes], { type: 'text/plain' }), 'отчёт "1".txt');
    const { result } = await probe(sandbox, 'sendDocument', form);
    expect(result).toMatchObject({
      caption: 'Привет',
      chat: { type: 'group' },
      document: { file_size: 300_000, mime_type: 'text/plain' },
    });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const [entry] = sandbox.journal();
    expect(entry?.files).toEqual([
      { field: 'document', name: expect.stringMatching(/^отчёт .*txt$/), type: 'text/plain', size: 300_000, sha256 },
    ]);

    const album = new FormData();
    album.set('chat_id', '-5');
    album.set(
      'media',
      JSON.stringify([
        { type: 'photo', media: 'attach://one' },
        { type: 'photo', media: 'https://e.x/2.jpg' },
      ]),
    );
    album.set('one', new Blob(['1']), '1.jpg');
    const grouped = await probe(sandbox, 'sendMediaGroup', album);
    expect(grouped.result).toHaveLength(2);
    expect(grouped.result[0].photo.at(-1).file_size).toBe(1);

    const again = await probe(sandbox, 'sendDocument', { chat_id: -5, document: result.document.file_id });
    expect(again.result.document).toEqual(result.document);
  });

  it('refuses parameters over 1 MiB and files over 50 MB with 413, and bodies that are no JSON', async () => {
    const large = await probe(sandbox, 'sendMessage', { chat_id: 5, text: 'x'.repeat(1024 * 1024 + 1) });
    expect(large).toMatchObject({ status: 413, ok: false, error_code: 413, description: 'Request Entity Too Large' });
    const form = new FormData();
    form.set('chat_id', '5');
    form.set('document', new Blob([Buffer.alloc(50 * 1024 * 1024 + 1)]), 'big');
    expect(await probe(sandbox, 'sendDocument', form)).toMatchObject({ status: 413, error_code: 413 });
    const broken = await fetch(`${sandbox.url}/bot${PROBE_TOKEN}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"chat_id":',
    });
    expect(await broken.json()).toMatchObject({ error_code: 400, description: "Bad Request: can't parse JSON object" });
    expect(sandbox.accepted()).toEqual([]);
  });

  it('tells bad tokens from bad methods, and keeps no secret', async () => {
    const known = await startSandbox({ tokens: ['1:good'] });
    const get = async (path: string) => {
      const answer = await fetch(known.url + path);
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await get('/bot1:good/getMe')).toMatchObject({ status: 200, result: { id: 1, is_bot: true } });
    expect(await get('/bot1%3Agood/getme')).toMatchObject({ status: 200 });
    expect(await get('/bot1:other-secret/getMe')).toMatchObject({ status: 401, description: 'Unauthorized' });
    expect(await get('/botnonsense/getMe')).toMatchObject({ status: 404, description: 'Not Found' });
    expect(await get('/bot1:good/get.Me')).toMatchObject({ status: 404, description: 'Not Found' });
    expect(known.journal({ verdict: 'refused' }).map(({ bot }) => bot)).toEqual(['1', '', '1']);
    expect(JSON.stringify(known.journal())).not.toMatch(/good|other-secret|nonsense/);
    await known.stop();
  });
});
