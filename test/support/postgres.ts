import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cleanUp } from './clean-up';
import { freePort } from './free-port';

const run = promisify(execFile);

/** Where Debian's package has the programs of each version. */
const packages = '/usr/lib/postgresql';

/** A private PostgreSQL server. */
export interface Postgres {
  url: string;
  /** As `systemctl stop` does: connections end at once. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

/** Starts a server of the test's own, which goes with it; a second or two. */
export async function startPostgres(): Promise<Postgres> {
  const [version] = readdirSync(packages).sort((a, b) => Number(b) - Number(a));
  const bin = join(packages, version as string, 'bin');
  const dir = mkdtempSync(join(tmpdir(), 'telegramq-postgres-'));
  cleanUp(() => rmSync(dir, { recursive: true, force: true }));
  const data = join(dir, 'data');
  const as = await aUser(dir);
  const call = (program: string, ...args: string[]) => run(join(bin, program), args, { cwd: dir, ...as });
  await call('initdb', '-D', data, '-A', 'trust', '-U', 'telegramq');
  const port = await freePort();
  const options = `-p ${port} -k ${dir} -c listen_addresses=127.0.0.1`;
  const start = async () =>
    void (await call('pg_ctl', '-D', data, '-o', options, '-l', join(dir, 'log'), '-w', 'start'));
  const stop = async () => void (await call('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop'));
  await start();
  cleanUp(() => stop().catch(() => undefined)); // The test may have stopped it.
  return { url: `postgres://telegramq@127.0.0.1:${port}/postgres`, start, stop };
}

/** The server refuses to run as root: there it runs as Debian's user of it. */
async function aUser(dir: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  const [uid, gid] = [await id('-u'), await id('-g')];
  chownSync(dir, uid, gid);
  return { uid, gid };
}
