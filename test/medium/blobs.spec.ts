import { BlobsAway, openBlobs, type Blobs } from '@app/blobs';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { cleanUp } from '../support';
import { startS3 } from '../support/s3';

interface Store {
  blobs: Blobs;
  /** Makes it unusable. */
  take: () => Promise<void> | void;
}

interface Place {
  bucket?: string;
  key?: string;
}

async function aFolder(): Promise<Store> {
  const dir = mkdtempSync(join(tmpdir(), 'telegramq-blobs-'));
  cleanUp(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'blobs');
  const take = () => {
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, 'no folder');
  };
  return { blobs: await openBlobs({ blobUrl: `file:${path}` }), take };
}

async function aBucket(): Promise<Store> {
  const { environment, stop } = await startS3();
  const { BLOB_URL: blobUrl, BLOB_ACCESS_KEY: blobAccessKey, BLOB_SECRET_KEY: blobSecretKey } = environment;
  return { blobs: await openBlobs({ blobUrl, blobAccessKey, blobSecretKey }), take: stop };
}

const mb = 1024 * 1024;
/** As a form brings it: piece by piece. */
const inPieces = (content: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(content.length / 65_536) }, (_, at) =>
    content.subarray(at * 65_536, (at + 1) * 65_536),
  );
async function* brokenAfter(content: Buffer): AsyncIterable<Buffer> {
  yield* inPieces(content);
  await Promise.resolve();
  throw new Error('the form ended early');
}

describe.each([
  ['a folder', aFolder],
  ['a bucket', aBucket],
])('files in %s', (_, open) => {
  let store: Store;
  const blob = randomUUID();
  beforeAll(async () => {
    store = await open();
  });
  const read = async (name: string) => {
    const stream = await store.blobs.open(name);
    return stream && buffer(stream);
  };

  it.each([
    ['nothing', 0],
    ['a byte', 1],
    ['less than a part', 3 * mb],
    ['several parts', 12 * mb + 1],
  ])('are kept as they are: %s', async (_name, size) => {
    const [name, content] = [randomUUID(), Buffer.alloc(size, randomUUID())];
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(await store.blobs.put(name, Readable.from(inPieces(content)))).toEqual({ size, sha256 });
    expect((await read(name))?.equals(content)).toBe(true);
  });

  it('are gone once they are removed, also a second time', async () => {
    await store.blobs.put(blob, Readable.from([Buffer.from('x')]));
    await store.blobs.remove(blob);
    expect(await read(blob)).toBeUndefined();
    await store.blobs.remove(blob);
  });

  it.each([
    ['soon', 1],
    ['after some parts', 12 * mb],
  ])('are not there after a form that ended early, %s: its own error is told', async (_name, size) => {
    const name = randomUUID();
    const half = Readable.from(brokenAfter(Buffer.alloc(size)));
    await expect(store.blobs.put(name, half)).rejects.toThrow('the form ended early');
    expect(half.destroyed).toBe(true);
    await store.blobs.remove(name);
    expect(await read(name)).toBeUndefined();
  });

  it('are told to be away when the store is', async () => {
    await store.take();
    const bytes = Readable.from(inPieces(Buffer.alloc(12 * mb)));
    await expect(store.blobs.put(randomUUID(), bytes)).rejects.toThrow(BlobsAway);
    await expect(store.blobs.open(blob)).rejects.toThrow(BlobsAway);
    await expect(store.blobs.remove(blob)).rejects.toThrow(BlobsAway);
  });
});

it.each([
  ['there is no bucket of that name', { bucket: 'none' }, 'NoSuchBucket'],
  ['nobody knows the key', { key: 'another' }, 'InvalidAccessKeyId'],
])('files are away, with the code of S3, where %s', async (_, { bucket = 'files', key = 'S3RVER' }: Place, code) => {
  const { environment } = await startS3();
  const blobUrl = environment.BLOB_URL.replace('files', bucket);
  const blobs = await openBlobs({ blobUrl, blobAccessKey: key, blobSecretKey: environment.BLOB_SECRET_KEY });
  await expect(blobs.put(randomUUID(), Readable.from([Buffer.from('x')]))).rejects.toMatchObject({ code });
  await expect(blobs.open(randomUUID())).rejects.toMatchObject({ code });
});
