import { blobsToRemove, forgetBlobs, holdBlobs, noteBlob, releaseBlobs, releaseUnsent, type Ledger } from '@app/ledger';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  aCommand,
  aSandbox,
  broker,
  cleanUp,
  eventually,
  openLedger,
  postForm,
  request,
  spawnApp,
  startConsumer,
  startProducer,
  type Namespace,
} from '../support';
import { startPostgres } from '../support/postgres';

const stored = (at: Namespace): string[] => {
  const folder = at.environment.BLOB_URL.slice('file:'.length);
  return existsSync(folder) ? readdirSync(folder) : [];
};
const rows = (ledger: Ledger) => ledger.read((db) => db.selectFrom('blobs').selectAll().execute());

/** Lets the day be over for which files are kept that nobody speaks of. */
const passDay = (ledger: Ledger) =>
  ledger.write((db) => db.updateTable('blobs').set({ kept_until: Date.now() }).execute());

describe('Files that the store keeps', () => {
  it('go with the message that was refused, which cannot be replayed then', async () => {
    const [at, sandbox] = [await broker(), await aSandbox()];
    sandbox.fault({ match: { chat_id: 42 }, fault: { kind: 'code', error_code: 403, description: 'Forbidden: bot was blocked by the user' } }); // prettier-ignore
    const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })]);
    const { body } = await postForm(url, { chat_id: '42', document: { content: 'x' } });
    const message = `${url}/v1/messages/${String(body.id)}`;
    await eventually(async () => (await request(message)).body.status === 'failed', 'it is refused');
    await eventually(() => stored(at).length === 0, 'the file is removed');
    const replay = () => request(`${message}/replay`, { method: 'POST' });
    expect(await replay()).toMatchObject({ status: 409, body: { code: 'file_gone' } });
    expect(sandbox.journal()).toHaveLength(1);
  });

  it('are removed a day after a producer was killed while it took them in', async () => {
    const at = await broker();
    const producer = await spawnApp('producer', at.environment);
    const ledger = await openLedger(at.environment.DATABASE_URL);
    const form = httpRequest(`${producer.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'transfer-encoding': 'chunked' },
    });
    form.on('error', () => undefined); // The kill cuts it off.
    form.write('--b\r\ncontent-disposition: form-data; name="document"; filename="half.bin"\r\n\r\n');
    form.write(Buffer.alloc(1_000_000));
    await eventually(() => stored(at).length === 1, 'half of it is in the store');
    await producer.kill('SIGKILL');
    expect(await rows(ledger)).toMatchObject([{ blob: stored(at)[0] }]);
    await passDay(ledger);
    await startProducer(at);
    await eventually(() => stored(at).length === 0, 'it is swept');
    await eventually(async () => (await rows(ledger)).length === 0, 'and forgotten');
  });
});

describe('Files that Telegram has', () => {
  it('change a message’s medium and make an album, uploaded once', async () => {
    const [at, sandbox] = [await broker(), await aSandbox()];
    const [{ url }] = await Promise.all([startProducer(at), startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url })]);
    const photo = { content: 'a photo', name: 'a.jpg', type: 'image/jpeg' };
    const other = { content: 'another', name: 'b.jpg', type: 'image/jpeg' };
    const sent = async (count: number) => (await sandbox.waitFor((calls) => calls.length === count)).at(-1)!;
    await postForm(url, { chat_id: '42', photo });
    const first = await sent(1);
    await postForm(url, { chat_id: '42', photo: other });
    const second = await sent(2);
    const message_id = String(second.message_ids[0]);
    const medium = JSON.stringify({ type: 'photo', media: 'attach://p' });
    await postForm(url, { method: 'editMessageMedia', chat_id: '42', message_id, media: medium, p: photo });
    const edit = await sent(3);
    const media = ['p', 'q'].map((name) => ({ type: 'photo', media: `attach://${name}` }));
    await postForm(url, { chat_id: '42', media: JSON.stringify(media), p: photo, q: other });
    const album = await sent(4);
    const made = [first, second, edit, album];
    expect(made.map(({ method, verdict }) => [method, verdict])).toEqual([
      ['sendPhoto', 'accepted'],
      ['sendPhoto', 'accepted'],
      ['editMessageMedia', 'accepted'],
      ['sendMediaGroup', 'accepted'],
    ]);
    expect(made.map(({ files }) => files.length)).toEqual([1, 1, 0, 0]);
    const [one, two] = (album.params.media as { media: string }[]).map((item) => item.media);
    expect((edit.params.media as { media: string }).media).toBe(one);
    expect(new Set([one, two]).size).toBe(2);
  });
});

describe.each([
  [
    'SQLite',
    () => {
      const dir = mkdtempSync(join(tmpdir(), 'telegramq-kept-'));
      cleanUp(() => rmSync(dir, { recursive: true, force: true }));
      return Promise.resolve(`file:${join(dir, 'ledger.db')}`);
    },
  ],
  ['PostgreSQL', async () => (await startPostgres()).url],
])('The ledger on %s', (_, make) => {
  const aFile = async () => {
    const ledger = await openLedger(await make());
    const blob = randomUUID();
    const command = aCommand({ files: [{ field: 'document', blob, size: 1, sha256: 'a'.repeat(64) }] });
    await noteBlob(ledger, blob);
    return { ledger, blob, command };
  };

  it('keeps a file until its message is over, and has it removed then', async () => {
    const { ledger, blob, command } = await aFile();
    expect(await holdBlobs(ledger, [command])).toBe(true);
    await passDay(ledger);
    expect(await blobsToRemove(ledger)).toEqual([]);
    await ledger.write((db) => releaseBlobs(ledger, db, [command]));
    expect(await blobsToRemove(ledger)).toEqual([blob]);
    expect(await blobsToRemove(ledger)).toEqual([blob]); // After a crash: it is not forgotten yet.
    expect(await holdBlobs(ledger, [command])).toBe(false);
    await forgetBlobs(ledger, [blob]);
    expect(await rows(ledger)).toEqual([]);
  });

  it('lets go of files whose message nobody has seen, once its day is over', async () => {
    const { ledger, blob, command } = await aFile();
    await holdBlobs(ledger, [command]);
    await passDay(ledger);
    await releaseUnsent(ledger);
    expect(await blobsToRemove(ledger)).toEqual([]);
    await ledger.write((db) =>
      db
        .updateTable('blob_holds')
        .set({ until: Date.now() - 1 })
        .execute(),
    );
    await releaseUnsent(ledger);
    expect(await blobsToRemove(ledger)).toEqual([blob]);
  });
});
