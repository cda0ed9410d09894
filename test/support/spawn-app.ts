import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { cleanUp, hasFailed } from './clean-up';
import { eventually } from './eventually';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** An app that runs as a process of its own, as users run it. */
export interface SpawnedApp {
  url: string;
  pid: number;
  exited: Promise<Exit>;
  /** Sends the signal and waits for the end. */
  kill: (signal: NodeJS.Signals) => Promise<Exit>;
  /** Everything that it has written so far. */
  log: () => string;
}

/**
 * Starts `dist/apps/<name>/main.js` on any free port with nothing in its environment but what is given, and waits for
 * `GET /health/ready` to answer 200, or only until it listens.
 *
 * @throws With its log, when it ends before that. Needs `npm run build`, and LOG_LEVEL info or below.
 */
export async function spawnApp(
  name: 'producer' | 'consumer',
  environment: Readonly<Record<string, string | undefined>>,
  until: 'ready' | 'listening' = 'ready',
): Promise<SpawnedApp> {
  const { child, exited, lines } = spawnMain(name, { HTTP_PORT: '0', CONSUMER_HTTP_PORT: '0', ...environment });
  const log = () => lines.join('\n');
  cleanUp(async () => {
    if (hasFailed()) console.error(`The ${name} of the test that failed:\n${lastOf(lines)}\n${await figuresOf(log())}`);
    await kill(child, exited, 'SIGKILL');
  });
  const url = await Promise.race([
    eventually(() => urlIn(log()), `the ${name} listens`, 60_000),
    exited.then(({ code, signal }) => {
      throw new Error(`the ${name} ended with ${signal ?? `code ${code}`}:\n${log()}`);
    }),
  ]);
  if (until === 'ready') {
    const isReady = async () => (await fetch(`${url}/health/ready`)).ok;
    await eventually(isReady, `the ${name} is ready`, 60_000);
  }
  return { url, pid: child.pid as number, exited, kill: (signal) => kill(child, exited, signal), log };
}

/** Runs an app that is expected to end by itself, as one with wrong settings does. */
export async function spawnToEnd(
  name: 'producer' | 'consumer',
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Exit & { log: string }> {
  const { child, exited, lines } = spawnMain(name, environment);
  cleanUp(() => kill(child, exited, 'SIGKILL'));
  return { ...(await exited), log: lines.join('\n') };
}

function spawnMain(name: string, environment: NodeJS.ProcessEnv) {
  const main = resolve('dist/apps', name, 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is not built: npm run build`);
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, exited, lines };
}

function kill(child: ChildProcess, exited: Promise<Exit>, signal: NodeJS.Signals): Promise<Exit> {
  child.kill(signal);
  return exited;
}

const urlIn = (log: string): string | undefined => / listening on (http:\/\/[^\s"]+)/.exec(log)?.[1];

const lastOf = (lines: readonly string[]): string => lines.slice(-30).join('\n');

/** What the app says of itself in numbers; nothing where it does not answer. */
async function figuresOf(log: string): Promise<string> {
  const text = await fetch(`${urlIn(log)}/metrics`).then(
    (answer) => answer.text(),
    (error: Error) => error.message,
  );
  return text.replace(/^(?!telegramq_).*\n/gm, '');
}
