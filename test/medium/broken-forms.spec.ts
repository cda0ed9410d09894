import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  botToken,
  broker,
  cleanUp,
  eventually,
  post,
  postForm,
  request,
  startProducer,
  type Namespace,
} from '../support';
import { startPostgres } from '../support/postgres';

const part = (name: string, content: string, filename?: string) =>
  `--b\r\ncontent-disposition: form-data; name="${name}"${filename ? `; filename="${filename}"` : ''}\r\n\r\n${content}\r\n`;
const file = part('document', 'x'.repeat(1000), 'a.bin');
const headers = { 'content-type': 'multipart/form-data; boundary=b' };

/** All without the boundary that would end them. */
const endless = {
  'in the middle of a file': file,
  'in the middle of a second file': file + part('other', 'y', 'b.bin'),
  'in a file that is refused for its name': part('document', '1') + file,
  'in a file without a name': part('', 'x', 'a.bin'),
  'in the head of a file': file.slice(0, 30),
  'at its beginning': '',
};

const stored = (at: Namespace): string[] => {
  const folder = at.environment.BLOB_URL.slice('file:'.length);
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('A form that ends', () => {
  let at: Namespace;
  let url: string;
  beforeAll(async () => {
    at = await broker();
    ({ url } = await startProducer(at, { TELEGRAM_BOT_TOKEN: botToken }));
  });
  afterEach(async () => {
    expect((await post(url, { chat_id: 1, text: 'goes on' })).status).toBe(202);
    await eventually(() => stored(at).length === 0, 'no file is left');
  });

  it.each(Object.entries(endless))('%s is refused', async (_, body) => {
    const answer = await request(`${url}/v1/messages`, { method: 'POST', headers, body });
    expect(answer).toMatchObject({ status: 400 });
    const atDoor = await request(`${url}/bot${botToken}/sendDocument`, { method: 'POST', headers, body });
    expect(atDoor).toMatchObject({ status: 400, body: { ok: false, error_code: 400 } });
  });

  it.each(Object.entries(endless))('%s with its client is forgotten', async (_, body) => {
    for (const path of ['/v1/messages', `/bot${botToken}/sendDocument`]) {
      const leaving = httpRequest(url + path, { method: 'POST', headers: { ...headers, 'content-length': 5000 } });
      leaving.on('error', () => undefined);
      await new Promise((sent) => leaving.write(`${body} `, sent));
      leaving.destroy();
    }
  });
});

describe('A form with a file', () => {
  const form = { chat_id: '1', document: { content: 'x' } };

  it('is refused while the ledger is away, and taken after', async () => {
    const { url: DATABASE_URL, stop, start } = await startPostgres();
    const { url } = await startProducer(await broker(), { DATABASE_URL });
    await stop();
    expect(await postForm(url, form)).toMatchObject({ status: 503, body: { code: 'ledger_unavailable' } });
    await start();
    await eventually(async () => (await postForm(url, form)).status === 202, 'it is taken', 30_000);
  });

  it('is refused while the store of files is away', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'telegramq-away-'));
    cleanUp(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, 'blobs'), 'no folder');
    const { url } = await startProducer(await broker(), { BLOB_URL: `file:${join(dir, 'blobs')}` });
    expect(await postForm(url, form)).toMatchObject({ status: 503, body: { code: 'files_unavailable' } });
    expect((await post(url, { chat_id: 1, text: 'goes on' })).status).toBe(202);
  });
});
