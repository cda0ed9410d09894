import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Answer } from './answer';
import { closeServers, listenHttp, type Listening, listenTcp, type Received, TOKEN } from './server.fixture';
import { BotApiTransport } from './transport';

/** Read by Node's own parser, so that no mistake of ours can hide on both sides. */
const read = ({ body, headers }: Received): Promise<FormData> =>
  new Response(body, { headers: { 'content-type': String(headers['content-type']) } }).formData();

const fileIn = async (form: FormData, field: string) => {
  const file = form.get(field) as File;
  return { name: file.name, bytes: Buffer.from(await file.arrayBuffer()) };
};

describe('an upload', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  let folder: string;
  let server: Listening;
  let transport: BotApiTransport;

  const upload = (method: string, payload: Record<string, unknown>) =>
    transport.call(method, payload, { localFiles: true });
  const lastForm = () => read(server.received.at(-1)!);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upload-'));
    server = await listenHttp();
    transport = new BotApiTransport({ apiRoot: server.root, token: TOKEN, answerTimeoutMs: 2_000 });
  });

  afterEach(async () => {
    await transport.close();
    await closeServers();
    await rm(folder, { recursive: true });
  });

  it('carries the file, and every other parameter, objects included', async () => {
    const objects = {
      reply_parameters: { message_id: 5, quote: 'größe "x"' },
      link_preview_options: { url: 'https://x.example/', is_disabled: false },
      caption_entities: [{ type: 'text_link', offset: 0, length: 2, url: 'https://y.example/' }],
      reply_markup: { inline_keyboard: [[{ text: '👍', web_app: { url: 'https://z.example/' } }]] },
      suggested_post_parameters: { price: { currency: 'XTR', amount: 3 } },
    };
    const caption = 'naïve 👩‍👩‍👧\r\n--telegramq\r\n';
    const plain = { chat_id: -100123, caption, has_spoiler: true, parse_mode: null, message_thread_id: undefined };
    expect(await upload('sendPhoto', { ...plain, ...objects, photo: { source: bytes } })).toMatchObject({ kind: 'ok' });

    const form = await lastForm();
    expect(await fileIn(form, 'photo')).toEqual({ name: 'photo.jpg', bytes });
    form.delete('photo');
    expect(Object.fromEntries(form)).toEqual({
      chat_id: '-100123',
      caption,
      has_spoiler: 'true',
      ...Object.fromEntries(Object.entries(objects).map(([name, value]) => [name, JSON.stringify(value)])),
    });
  });

  it('attaches thumbnails and covers, also beside a file_id', async () => {
    const payload = { video: 'file-id', thumbnail: { source: bytes }, cover: { source: Buffer.from('cover') } };
    await upload('sendVideo', payload);
    const form = await lastForm();
    const attached = (name: string) => fileIn(form, String(form.get(name)).replace('attach://', ''));
    expect(form.get('video')).toBe('file-id');
    expect(await attached('thumbnail')).toEqual({ name: 'thumbnail.jpg', bytes });
    expect(await attached('cover')).toEqual({ name: 'cover.jpg', bytes: Buffer.from('cover') });
  });

  it('attaches the items of an album, with their covers and thumbnails, and leaves the payload alone', async () => {
    const media = [
      { type: 'photo', media: { source: Buffer.from('one'), filename: 'one.png' }, caption: 'one' },
      { type: 'video', media: { source: Buffer.from('two') }, cover: { source: bytes }, thumbnail: { source: bytes } },
      { type: 'photo', media: { url: 'https://pictures.example/3' } },
      { type: 'photo', media: 'file-id' },
    ];
    const before = structuredClone(media);
    await upload('sendMediaGroup', { chat_id: 1, media });
    const form = await lastForm();
    const items = JSON.parse(String(form.get('media'))) as Record<string, string>[];
    const attached = (reference?: string) => fileIn(form, String(reference).replace('attach://', ''));
    expect(items[0]).toMatchObject({ type: 'photo', caption: 'one' });
    expect(await attached(items[0]?.media)).toEqual({ name: 'one.png', bytes: Buffer.from('one') });
    expect(await attached(items[1]?.media)).toEqual({ name: 'video.mp4', bytes: Buffer.from('two') });
    expect(await attached(items[1]?.cover)).toEqual({ name: 'cover.jpg', bytes });
    expect(await attached(items[1]?.thumbnail)).toEqual({ name: 'thumbnail.jpg', bytes });
    expect(items.slice(2)).toEqual([
      { type: 'photo', media: 'https://pictures.example/3' },
      { type: 'photo', media: 'file-id' },
    ]);
    expect(media.map((item) => Object.keys(item))).toEqual(before.map((item) => Object.keys(item)));
    expect(Buffer.isBuffer((media[0]?.media as { source: unknown }).source)).toBe(true);
  });

  it('attaches the one new file of an edited message', async () => {
    await upload('editMessageMedia', { media: { type: 'audio', media: { source: bytes } } });
    const form = await lastForm();
    const item = JSON.parse(String(form.get('media'))) as { media: string };
    expect(await fileIn(form, item.media.replace('attach://', ''))).toEqual({ name: 'audio.mp3', bytes });
  });

  it('takes bytes as they are, paths and streams', async () => {
    const path = join(folder, 'größe.bin');
    await writeFile(path, bytes);
    for (const [document, name] of [
      [bytes, 'document.dat'],
      [{ source: path, filename: undefined }, 'größe.bin'],
      [{ source: createReadStream(path) }, 'größe.bin'],
      [{ source: Readable.from([bytes.subarray(0, 9), bytes.subarray(9)]), filename: 'x.bin' }, 'x.bin'],
    ] as const) {
      await upload('sendDocument', { document });
      expect(await fileIn(await lastForm(), 'document')).toEqual({ name, bytes });
    }
  });

  it.each([
    'a"; filename="evil.exe',
    'a\r\nContent-Type: text/html\r\n\r\n<script>',
    'a\\',
    '../../etc/passwd',
    'счёт 👍.pdf',
    '\u0000\u007f',
    '',
  ])('named %j injects nothing', async (filename) => {
    await upload('sendDocument', { chat_id: 1, document: { source: bytes, filename } });
    const form = await lastForm();
    expect([...form.keys()].sort()).toEqual(['chat_id', 'document']);
    const raw = server.received[0]!.body.toString();
    expect(raw.match(/^Content-Type/gm)).toHaveLength(1);
    expect(raw.match(/filename="[^"]*"\r\n/g)).toHaveLength(1);
    expect((await fileIn(form, 'document')).bytes).toEqual(bytes);
  });

  it('with a hostile parameter name injects nothing', async () => {
    await upload('sendDocument', { 'a"\r\nx: y\r\n\r\n': 'b', document: { source: bytes } });
    expect([...(await lastForm()).values()].filter((value) => value === 'b')).toHaveLength(1);
    expect(server.received[0]!.body.toString()).not.toContain('\r\nx: y');
  });

  it('sends the whole file again on a retry, also that of a stream', async () => {
    const path = join(folder, 'a.bin');
    await writeFile(path, bytes);
    for (const source of [bytes, path, createReadStream(path), Readable.from([bytes])]) {
      const payload = { document: { source } };
      await upload('sendDocument', payload);
      await upload('sendDocument', payload);
      const [first, second] = await Promise.all(server.received.slice(-2).map(read));
      expect((await fileIn(first!, 'document')).bytes).toEqual(bytes);
      expect((await fileIn(second!, 'document')).bytes).toEqual(bytes);
    }
  });

  it('of 20 MB arrives whole', async () => {
    const path = join(folder, 'large.bin');
    const large = Buffer.alloc(20_000_000, bytes);
    await writeFile(path, large);
    await upload('sendDocument', { document: { source: path } });
    expect((await fileIn(await lastForm(), 'document')).bytes.equals(large)).toBe(true);
  });

  it.each<[string, (socket: Socket) => void, Answer]>([
    [
      'refused half-way is read as such',
      (socket) => socket.end('HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 6\r\n\r\n<html>'),
      { kind: 'no_answer', code: 'NOT_JSON', status: 413 },
    ],
    [
      'reset half-way has no answer',
      (socket) => socket.resetAndDestroy(),
      { kind: 'no_answer', code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) as string },
    ],
  ])('that is %s, and never hangs', async (_what, onData, answer) => {
    const path = join(folder, 'large.bin');
    await writeFile(path, Buffer.alloc(20_000_000));
    const apiRoot = await listenTcp((socket) => socket.once('data', () => onData(socket)));
    const other = new BotApiTransport({ apiRoot, token: TOKEN });
    const got = await other.call('sendDocument', { document: { source: path } }, { localFiles: true });
    expect(got).toEqual(answer);
    await other.close();
  });
});
