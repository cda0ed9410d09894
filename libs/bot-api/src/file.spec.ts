import { createReadStream } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { closeServers, listenHttp, type Listening, TOKEN } from './server.fixture';
import { BotApiTransport } from './transport';

describe('a file that cannot be read', () => {
  const bytes = Buffer.from('some bytes');
  let folder: string;
  let server: Listening;
  let transport: BotApiTransport;

  const upload = (method: string, payload: Record<string, unknown>) =>
    transport.call(method, payload, { localFiles: true });

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

  const failing = () =>
    Readable.from(
      (async function* () {
        yield bytes;
        throw Object.assign(new Error('disk died'), { code: 'EIO' });
      })(),
    );
  const cut = () => {
    const stream = new Readable({ read: () => undefined });
    stream.push(bytes);
    setImmediate(() => stream.destroy());
    return stream;
  };
  const consumed = async () => {
    const stream = Readable.from([bytes]);
    for await (const chunk of stream) void chunk;
    return stream;
  };

  it.each<[string, string, () => unknown]>([
    ['that is not there', 'ENOENT', () => '/nowhere/at/all'],
    ['that is a folder', 'NOT_A_FILE', () => folder],
    ['whose stream fails', 'EIO', failing],
    ['whose stream is cut', 'ERR_STREAM_PREMATURE_CLOSE', cut],
    ['whose stream was read before', 'STREAM_CONSUMED', consumed],
    ['whose stream stalls', 'ABORT_ERR', () => new Readable({ read: () => undefined })],
    ['whose stream does not exist', 'ENOENT', () => createReadStream('/nowhere/at/all')],
  ])('%s is a value, and nothing is sent', async (_what, code, source) => {
    const payload = { document: { source: await source() } };
    expect(await upload('sendDocument', payload)).toEqual({ kind: 'unreadable', code });
    expect(await upload('sendDocument', payload)).toMatchObject({ kind: 'unreadable' });
    expect(server.received).toEqual([]);
  });

  it('is a value also where two streams of an album fail', async () => {
    const media = [failing(), failing()].map((source) => ({ type: 'photo', media: { source } }));
    expect(await upload('sendMediaGroup', { media })).toEqual({ kind: 'unreadable', code: 'EIO' });
  });

  it('because it shrinks while it is sent is a value, too', async () => {
    const path = join(folder, 'shrinking.bin');
    await writeFile(path, Buffer.alloc(30_000_000));
    const call = upload('sendDocument', { document: { source: path } });
    await truncate(path, 1_000);
    expect(await call).toMatchObject({ kind: 'unreadable' });
    expect(server.received).toEqual([]);
  });
});
