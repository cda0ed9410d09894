import { dueRetries, findMessage, findWebhooks, searchMessages } from '@app/ledger';
import Libsql from 'libsql';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { cleanUp, openLedger } from '../support';
import { startPostgres } from '../support/postgres';

const golden = (name: string) => readFileSync(join(__dirname, 'older-ledgers', name), 'utf8');

/** Databases as an older release left them. */
const older = {
  SQLite: () => {
    const dir = mkdtempSync(join(tmpdir(), 'telegramq-older-'));
    cleanUp(() => rmSync(dir, { recursive: true, force: true }));
    const file = join(dir, 'ledger.db');
    const connection = new Libsql(file);
    connection.exec(golden('0001.sqlite.sql'));
    connection.close();
    return Promise.resolve(`file:${file}`);
  },
  PostgreSQL: async () => {
    const { url } = await startPostgres();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(golden('0001.postgres.sql'));
    await client.end();
    return url;
  },
};

/** A process of its own that opens the ledger, as each app does at its start. */
const opening = `
  const { Ledger } = require('./libs/ledger/src');
  const ledger = new Ledger(process.argv[1]);
  ledger.onModuleInit();
  const timer = setInterval(() => {
    if (!ledger.available) return;
    clearInterval(timer);
    void ledger.onApplicationShutdown().then(() => console.log('opened'));
  }, 5);`;

describe.each(Object.entries(older))('A ledger of an older release on %s', (_, make) => {
  it('is brought up to date without loss by several processes that start at once', async () => {
    const url = await make();
    const open = () => promisify(execFile)(process.execPath, ['-r', '@swc-node/register', '-e', opening, url]);
    const outputs = await Promise.all([open(), open(), open(), open()]);
    for (const { stdout } of outputs) expect(stdout).toMatch(/opened/);
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(/cannot be opened/);

    const ledger = await openLedger(url);
    const found = await searchMessages(ledger, { limit: 10 });
    expect(found.map(({ status, ref }) => [status, ref])).toEqual([['queued', 'old'], ['failed', 'old'], ['sent', 'old']]); // prettier-ignore
    const failed = await findMessage(ledger, '01890000-0000-7000-8000-000000000002');
    expect(failed).toMatchObject({ chat_id: 42, reason: 'bot_blocked', attempts: [{ error_code: 403, description: 'Forbidden: it\'s blocked' }] }); // prettier-ignore
    expect(await findWebhooks(ledger)).toMatchObject([{ name: 'old', events: ['sent'], seq: 2, last_error: null }]);
    expect(await dueRetries(ledger, 'old', 10)).toEqual([]);
    const keys = await ledger.read((db) => db.selectFrom('idempotency_keys').selectAll().execute());
    expect(keys).toMatchObject([{ key: 'k', state: 'done' }]);
  }, 60_000);
});
