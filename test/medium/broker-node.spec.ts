import { type ConfirmChannel, connect, type GetMessage } from 'amqplib';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanUp, eventually, type RabbitNode } from '../support';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the scripts run without a build, so they are CommonJS
const { startBroker } = require('../../scripts/broker') as {
  startBroker: (options: { dir: string }) => Promise<RabbitNode & { port: number }>;
};

const queue = 'kept';

async function onChannel<T>(url: string, work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await connect(url);
  try {
    return await work(await connection.createConfirmChannel());
  } finally {
    await connection.close();
  }
}

const keep = (url: string, text: string): Promise<void> =>
  onChannel(url, async (channel) => {
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
    await channel.waitForConfirms();
  });

const takeOne = (url: string): Promise<string> =>
  onChannel(url, async (channel) => {
    const take = (): Promise<GetMessage | false> => channel.get(queue, { noAck: true });
    return (await eventually(take, 'the queue has a message')).content.toString();
  });

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'telegramq-node-'));
  cleanUp(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function start(dir: string): ReturnType<typeof startBroker> {
  const node = await startBroker({ dir });
  cleanUp(() => node.kill());
  return node;
}

/** Starts a node in a process of its own, whose end it does not expect, and nobody asks about, as in a container without an init. */
async function startElsewhere(dir: string): Promise<{ url: string; kill: () => void }> {
  const script = `require(${JSON.stringify(resolve('scripts/broker'))}).startBroker({ dir: process.argv[1] })
    .then(({ url }) => { console.log(process.pid + ' ' + url); setInterval(() => undefined, 1000); });`;
  const parent = spawn('sh', ['-c', '"$0" "$@" & exec sleep 600', process.execPath, '-e', script, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const [pid, url = ''] = line.toString().trim().split(' ');
  const kill = () => void process.kill(Number(pid), 'SIGKILL');
  cleanUp(() => {
    kill();
    parent.kill('SIGKILL');
  });
  return { url, kill };
}

/** Whether anybody listens there. Not asked in AMQP: a client of a node that dies in the middle waits for a heartbeat. */
const listens = (url: string): Promise<boolean> =>
  new Promise((tell) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.once('error', () => tell(false));
    socket.once('connect', () => {
      socket.destroy();
      tell(true);
    });
  });

/**
 * RabbitMQ 3.10 writes down which quorum queues there are half a second after they were declared; killed before that, it
 * starts again with those queues empty and without a leader. This is about what lies on disk, so it is put there.
 */
const writeDownQueues = (node: RabbitNode): Promise<string> => node.ctl('eval', 'dets:sync(ra_directory_reverse).');

describe('a private RabbitMQ node', () => {
  it('has its messages again, on its port, after kill -9 and after being started anew in its folder', async () => {
    const dir = folder();
    const first = await start(dir);
    await keep(first.url, 'through a kill');
    await writeDownQueues(first);

    await first.kill();
    await first.restart();
    expect(await takeOne(first.url)).toBe('through a kill');

    await keep(first.url, 'through a stop');
    await first.stop();
    const second = await start(dir);
    expect(second.port).toBe(first.port);
    expect(await takeOne(second.url)).toBe('through a stop');
  }, 240_000);

  it('refuses a folder that another node is using, and leaves that node alone', async () => {
    const dir = folder();
    const node = await start(dir);
    await expect(startBroker({ dir })).rejects.toThrow(`in use by process ${process.pid}`);
    await keep(node.url, 'still here');
    expect(await takeOne(node.url)).toBe('still here');
  }, 120_000);

  it('ends when the process that started it is killed, and its folder is free for the next', async () => {
    const dir = folder();
    const { url, kill } = await startElsewhere(dir);

    kill();
    await eventually(async () => !(await listens(url)), 'the node is gone');

    expect((await start(dir)).url).toBe(url);
  }, 240_000);
});
