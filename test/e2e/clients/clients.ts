import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JournalEntry, Sandbox } from '../../../apps/sandbox/src/sandbox';
import { cleanUp } from '../../support';

/** A client library that others maintain, and the programme that runs it in a process of its own. */
export interface Client {
  name: string;
  /** Interpreter, its options, and the file beside this one. */
  command: readonly [string, ...string[]];
  /** The Debian package that is missing here, if it is. */
  missing?: string;
}

/** Debian's own interpreter, which has the package's library; the programme is written for its version 13. */
const python = '/usr/bin/python3';
const isThere = 'import telegram; assert telegram.__version__.startswith("13.")';
const hasPythonClient = spawnSync(python, ['-W', 'ignore', '-c', isThere]).status === 0;

export const clients: readonly Client[] = [
  { name: 'telegraf', command: [process.execPath, 'telegraf.js'] },
  { name: 'grammY', command: [process.execPath, 'grammy.js'] },
  { name: 'node-telegram-bot-api', command: [process.execPath, 'node-telegram-bot-api.js'] },
  {
    name: 'python-telegram-bot',
    command: [python, '-W', 'ignore', 'python_telegram_bot.py'],
    ...(hasPythonClient ? {} : { missing: 'python3-python-telegram-bot 13' }),
  },
];

/** What one step of a programme came to: what the client returned, or the exception that it threw. */
export interface Told {
  step: string;
  result?: unknown;
  error?: unknown;
}

/** Runs a programme to its end. @throws When it ends otherwise than by itself, with what it has written. */
export async function run({ command: [interpreter, ...args] }: Client, ...given: string[]): Promise<Told[]> {
  const all = [...args.slice(0, -1), join(__dirname, args.at(-1) ?? ''), ...given];
  const { stdout } = await promisify(execFile)(interpreter, all, { timeout: 50_000, maxBuffer: 1e8 });
  return JSON.parse(stdout) as Told[];
}

/** A folder with the files that the programmes upload: one with a name beyond ASCII, one that needs many packets. */
export function someFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telegramq-files-'));
  cleanUp(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'Überblick.jpg'), randomBytes(3_000));
  writeFileSync(join(folder, 'cpu.png'), randomBytes(300_000));
  writeFileSync(join(folder, 'walk.mp4'), randomBytes(3_000_000));
  return folder;
}

/** What Telegram makes anew for every message; everything else that a client returns is the same in two runs. */
const madeAnew = new Set(['date', 'edit_date', 'media_group_id']);

/** What a client returned, comparable between two runs. */
export const comparable = (told: Told[]): unknown =>
  JSON.parse(JSON.stringify(told), (name, value: unknown) => (madeAnew.has(name) ? typeof value : value));

/** What has reached Telegram since, comparable between two runs: clients make up names for the files they attach. */
export const arrived = (sandbox: Sandbox, since = 0): unknown =>
  sandbox.journal({ since }).map(({ method, params, files, verdict }: JournalEntry) => {
    let call = JSON.stringify({ method, params, files, verdict });
    for (const [at, { field }] of files.entries()) {
      if (call.includes(`"attach://${field}"`)) call = call.replaceAll(field, `file ${at + 1}`);
    }
    return JSON.parse(call) as unknown;
  });
