import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import type { JournalEntry } from '../../apps/sandbox/src/journal';
import type { Sandbox } from '../../apps/sandbox/src/sandbox';
import {
  aSandbox,
  broker,
  eventually,
  patchForm,
  post,
  postForm,
  request,
  startConsumer,
  startProducer,
  type FormFile,
  type Namespace,
} from '../support';
import { startS3 } from '../support/s3';

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

describe('files by upload', () => {
  let rabbit: Namespace;
  let sandbox: Sandbox;
  let url: string;
  let chat = 1000;
  beforeAll(async () => {
    rabbit = await broker();
    sandbox = await aSandbox();
    await startConsumer(rabbit, { TELEGRAM_API_ROOT: sandbox.url });
    ({ url } = await startProducer(rabbit, { UPLOAD_LIMIT: '11' }));
  });
  beforeEach(() => {
    chat += 1;
  });

  const calls = (chatId = chat) => sandbox.journal({ chat_id: chatId });
  const arrived = (count: number, chatId = chat) =>
    eventually(() => calls(chatId).length >= count && calls(chatId), `${count} calls`);
  const stored = (): string[] => {
    const folder = rabbit.environment.BLOB_URL.slice('file:'.length);
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const send = (fields: Record<string, string | FormFile>, headers?: Record<string, string>) =>
    postForm(url, { chat_id: `${chat}`, ...fields }, headers);
  const filesOf = ({ files }: JournalEntry) =>
    files.map(({ field, name, type, sha256: hash }) => ({ field, name, type, hash }));

  it('reach Telegram byte for byte, with their names, types and all objects beside them', async () => {
    const markup = { inline_keyboard: [[{ text: 'a', url: 'https://example.org/' }]] };
    const photo = { content: 'a photo of ü', name: 'ü.jpg', type: 'image/jpeg' };
    expect(await send({ photo, caption: '[1]', reply_markup: JSON.stringify(markup), delivery: '{"ref":"x"}' })).toMatchObject({ status: 202 }); // prettier-ignore
    const [call] = (await arrived(1)) as [JournalEntry];
    expect(call).toMatchObject({ method: 'sendPhoto', params: { caption: '[1]', reply_markup: markup } });
    expect(filesOf(call)).toEqual([
      { field: 'photo', name: 'ü.jpg', type: 'image/jpeg', hash: sha256('a photo of ü') },
    ]);
  });

  it('are removed once their message is over', async () => {
    await send({ document: { content: 'soon gone' } });
    await arrived(1);
    await eventually(() => stored().length === 0, 'no file is left');
  });

  it('make an album with captions, mixed with files that Telegram has', async () => {
    const media = Array.from({ length: 10 }, (_, at) => ({
      ...{ type: 'photo', caption: `No. ${at}` },
      media: at % 2 === 0 ? `attach://p${at}` : `AgAD${at}`,
    }));
    const parts = [0, 2, 4, 6, 8].map((at) => [`p${at}`, { content: `photo ${at} of ${chat}` }] as const);
    expect(await send({ media: JSON.stringify(media), ...Object.fromEntries(parts) })).toMatchObject({ status: 202 });
    const [call] = (await arrived(1)) as [JournalEntry];
    expect(call).toMatchObject({ method: 'sendMediaGroup', verdict: 'accepted', params: { media } });
    expect(call.files.map(({ field, sha256: hash }) => [field, hash])).toEqual(
      [0, 2, 4, 6, 8].map((at) => [`p${at}`, sha256(`photo ${at} of ${chat}`)]),
    );
  });

  it('are uploaded once for many chats and sent by their file_id to the others, in order', async () => {
    const chats = Array.from({ length: 20 }, (_, at) => chat * 1000 + at);
    const content = Buffer.alloc(10_000_000, `${chat}`);
    const messages = chats.flatMap((chat_id) => [
      { chat_id, document: 'attach://log' },
      { chat_id, text: 'after' },
    ]);
    expect(await postForm(url, { messages: JSON.stringify(messages), log: { content, name: 'a.log' } })).toMatchObject({ status: 202 }); // prettier-ignore
    await Promise.all(chats.map((chatId) => arrived(2, chatId)));
    const all = chats.map((chatId) => calls(chatId));
    expect(all.map((made) => made.map(({ method }) => method))).toEqual(
      chats.map(() => ['sendDocument', 'sendMessage']),
    );
    const uploads = all.flat().filter(({ files }) => files.length > 0);
    expect(uploads.map(({ files }) => files[0]?.sha256)).toEqual([sha256(content)]);
  });

  it('are uploaded again when Telegram has forgotten their file_id', async () => {
    const document = { content: `kept ${chat}`, name: 'k.txt' };
    await send({ document });
    await arrived(1);
    sandbox.fault({ match: { chat_id: chat }, fault: { kind: 'code', error_code: 400, description: 'Bad Request: wrong file identifier/HTTP URL specified' }, times: 1 }); // prettier-ignore
    const { body } = await send({ document });
    const [, stale, again] = (await arrived(3)) as [JournalEntry, JournalEntry, JournalEntry];
    expect([stale.verdict, stale.files.length]).toEqual(['refused', 0]);
    expect([again.verdict, filesOf(again)[0]?.hash]).toEqual(['accepted', sha256(`kept ${chat}`)]);
    const status = () => request(`${url}/v1/messages/${String(body.id)}`);
    await eventually(async () => (await status()).body.status === 'sent', 'it is sent');
  });

  it('are sent whole again after a 429 and after a cut connection', async () => {
    const content = Buffer.alloc(3_000_000, 'x');
    sandbox.fault({ match: { chat_id: chat }, fault: { kind: 'code', error_code: 429, retry_after: 1 }, times: 1 });
    sandbox.fault({ match: { chat_id: chat }, fault: { kind: 'reset' }, times: 1 });
    await send({ document: { content, name: `${chat}` } });
    const made = await arrived(3);
    expect(made.map(({ files }) => files[0]?.sha256)).toEqual(Array(3).fill(sha256(content)));
  });

  it.each(['../../etc/passwd', 'a"; filename="b', 'a\r\nX-Evil: 1', '\\\\host\\share', '💣\u202e.exe'])(
    'arrive under hostile names like %j',
    async (name) => {
      expect(await send({ document: { content: `named ${chat}`, name } })).toMatchObject({ status: 202 });
      const [call] = (await arrived(1)) as [JournalEntry];
      expect(call.files).toMatchObject([{ field: 'document', sha256: sha256(`named ${chat}`) }]);
      expect(stored().every((file) => /^[\w-]{36}$/.test(file))).toBe(true);
    },
  );

  it.each([
    ['a file that no message refers to', { text: 'x', extra: { content: 'y' } }, 400, 'extra'],
    ['a name without a file', { media: '[{"type":"photo","media":"attach://a"},{"type":"photo","media":"b"}]' }, 400, 'media.0.media'], // prettier-ignore
    ['a file that is too large', { document: { content: Buffer.alloc(11 * 1024 * 1024 + 1) } }, 413, 'document'],
    ['a photo that is too large', { photo: { content: Buffer.alloc(10 * 1024 * 1024 + 1) } }, 413, 'photo'],
    ['an empty file', { document: { content: '' } }, 400, 'document'],
  ] as const)('are refused: %s', async (_, fields, status, field) => {
    const answer = await send(fields);
    expect(answer).toMatchObject({ status, body: { errors: [{ field }] } });
    await eventually(() => stored().length === 0, 'nothing of it is kept');
  });

  it('are not taken from a web page elsewhere, nor at other addresses', async () => {
    const form = { document: { content: 'x' } };
    expect((await send(form, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await send(form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const body = new FormData();
    body.append('url', 'x');
    expect((await request(`${url}/v1/webhooks/x`, { method: 'PUT', body })).status).toBe(415);
  });

  it('take the place of a message’s medium, or of its text', async () => {
    const { body } = await send({ photo: { content: `before ${chat}` }, caption: 'one' });
    await arrived(1);
    const key = { 'idempotency-key': `e${chat}` };
    const photo = { content: `after ${chat}`, name: 'b.jpg', type: 'image/jpeg' };
    const edited = await patchForm(url, String(body.id), { photo, caption: 'two' }, key);
    expect(edited).toMatchObject({ status: 202, body: { edits: body.id, method: 'editMessageMedia' } });
    const [, call] = (await arrived(2)) as [JournalEntry, JournalEntry];
    expect(call).toMatchObject({ method: 'editMessageMedia', verdict: 'accepted', params: { media: { type: 'photo', caption: 'two' } } }); // prettier-ignore
    expect(call.files).toMatchObject([{ name: 'b.jpg', sha256: sha256(`after ${chat}`) }]);
    expect((await patchForm(url, String(body.id), { photo, caption: 'two' }, key)).body.id).toBe(edited.body.id);

    const text = await send({ text: 'a text' });
    const document = { content: `in its place ${chat}` };
    expect(await patchForm(url, String(text.body.id), { media: '{"type":"document","media":"attach://d"}', d: document })).toMatchObject({ status: 202 }); // prettier-ignore
    const last = (await arrived(4))[3]!;
    expect(last).toMatchObject({ method: 'editMessageMedia', verdict: 'accepted', files: [{ sha256: sha256(document.content) }] }); // prettier-ignore

    expect(await patchForm(url, String(text.body.id), { photo, other: document })).toMatchObject({ status: 400, body: { errors: [{ field: 'other' }] } }); // prettier-ignore
    expect((await patchForm(url, '01900000-0000-7000-8000-000000000000', { photo })).status).toBe(404);
    await eventually(() => stored().length === 0, 'nothing of it is kept');
    expect(calls()).toHaveLength(4);
  });

  it('are sent once under an Idempotency-Key, which is for their content', async () => {
    const key = { 'idempotency-key': `k${chat}` };
    const first = await send({ document: { content: `one ${chat}` } }, key);
    const second = await send({ document: { content: `one ${chat}` } }, key);
    expect([second.status, second.body.id]).toEqual([202, first.body.id]);
    expect((await send({ document: { content: 'two' } }, key)).status).toBe(422);
    await arrived(1);
    await eventually(() => stored().length === 0, 'nothing is left');
    expect(calls()).toHaveLength(1);
  });

  it('are named in JSON by mistake', async () => {
    expect(await post(url, { chat_id: chat, photo: 'attach://x' })).toMatchObject({
      ...{ status: 400, body: { errors: [{ field: 'photo' }] } },
    });
  });
});

describe('files by upload, in a bucket of S3', () => {
  it('reach Telegram byte for byte; while the bucket is away, forms are not taken', async () => {
    const [at, sandbox, s3] = [await broker(), await aSandbox(), await startS3()];
    await startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url, ...s3.environment });
    const { url } = await startProducer(at, s3.environment);
    const content = Buffer.alloc(12_000_000, 'a bucket');
    const send = () => postForm(url, { chat_id: '1', document: { content, name: 'b.bin' } });
    expect(await send()).toMatchObject({ status: 202 });
    const [call] = await sandbox.waitFor((calls) => calls.length === 1);
    expect(call?.files).toMatchObject([{ name: 'b.bin', sha256: sha256(content) }]);
    await s3.stop();
    expect(await send()).toMatchObject({ status: 503, body: { code: 'files_unavailable' } });
  });
});
