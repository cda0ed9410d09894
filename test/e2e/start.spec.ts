import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { broker, cleanUp, eventually } from '../support';

/** `npm start` on the broker of the run and on ports that are free, until its first steps are printed. */
async function start() {
  const { environment } = await broker();
  const child = spawn('npm', ['start'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = once(child, 'exit') as Promise<[code: number | null]>;
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  const end = (signal: NodeJS.Signals) => process.kill(-(child.pid as number), signal);
  cleanUp(async () => {
    if (child.exitCode === null) end('SIGTERM');
    await exited;
  });
  const printed = (line: RegExp) =>
    eventually(
      () =>
        lines
          .map((text) => line.exec(text))
          .find(Boolean)?.[0]
          .trim(),
      `${line} in\n${lines.join('\n')}`,
      90_000,
    );
  const curl = await printed(/^ +curl .*/);
  return { curl, page: await printed(/^ +http:\S+$/), end, exited };
}

describe('npm start', () => {
  it('prints a curl line whose message stands on the page that it prints, and ends with 0 on Ctrl-C', async () => {
    const { curl, page, end, exited } = await start();
    expect((await promisify(execFile)('sh', ['-c', curl])).stdout).toContain('"status":"queued"');
    await eventually(
      async () => (await (await fetch(page)).text()).includes('Hello from TelegraMQ'),
      'the message on the page',
    );
    end('SIGINT');
    expect(await exited).toEqual([0, null]);
    await expect(fetch(page)).rejects.toThrow('fetch failed');
  }, 150_000);
});
