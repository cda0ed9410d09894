import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { names, topology } from '@app/contracts';
import { connect } from 'amqplib';
import { aSandbox, broker, cleanUp, eventually, startConsumer, startProducer, type RabbitNode } from '../support';

/* eslint-disable @typescript-eslint/no-require-imports -- the scripts run without a build, so they are CommonJS */
const { startBroker } = require('../../scripts/broker') as {
  startBroker: (options: { dir: string; listen: string[] }) => Promise<RabbitNode & Node>;
};
const { senderPermissions } = require('../../scripts/definitions') as {
  senderPermissions: (prefix: string) => Record<'configure' | 'write' | 'read', string>;
};
/* eslint-enable @typescript-eslint/no-require-imports */

interface Node {
  port: number;
  ctlEnv: NodeJS.ProcessEnv;
}

const prefix = 'telegramq';
/** Debian's, which has its package python3-pika. */
const python = '/usr/bin/python3';
/** One host of the network is a namespace of the kernel's; addresses from the range that is meant for tests. */
const remote = { namespace: `tmqsender${process.pid}`, here: `tmqh${process.pid}`, there: `tmqr${process.pid}` };
const net = `198.18.${process.pid % 256}`;
const brokerHost = `${net}.1`;

const ip = (...args: string[]): string =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Why there can be no second host here; undefined when there can. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, to make a network namespace';
  try {
    ip('netns', 'add', `${remote.namespace}p`);
    ip('netns', 'del', `${remote.namespace}p`);
    execFileSync(python, ['-c', 'import pika'], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return `needs network namespaces (iproute2) and python3-pika: ${(error as Error).message}`;
  }
}

function connectRemoteHost(): void {
  cleanUp(() => {
    // The link first: its other end goes with it, while a namespace gives its links up some time later.
    if (existsSync(`/sys/class/net/${remote.here}`)) ip('link', 'del', remote.here);
    if (existsSync(`/run/netns/${remote.namespace}`)) ip('netns', 'del', remote.namespace);
  });
  ip('netns', 'add', remote.namespace);
  ip('link', 'add', remote.here, 'type', 'veth', 'peer', 'name', remote.there, 'netns', remote.namespace);
  ip('addr', 'add', `${brokerHost}/24`, 'dev', remote.here);
  ip('link', 'set', remote.here, 'up');
  ip('-n', remote.namespace, 'link', 'set', 'lo', 'up'); // pika talks to itself there
  ip('-n', remote.namespace, 'addr', 'add', `${net}.2/24`, 'dev', remote.there);
  ip('-n', remote.namespace, 'link', 'set', remote.there, 'up');
}

/** Runs lines of Python on the remote host, logged in as a user; gives what they print, or the error's name. */
async function remotely(node: Node, user: string, password: string, ...lines: string[]): Promise<string> {
  const script = [
    'import sys, pika',
    'host, port, user, password = sys.argv[1:]',
    'try:',
    '    to = pika.ConnectionParameters(host, int(port), "/", pika.PlainCredentials(user, password))',
    '    connection = pika.BlockingConnection(to)',
    '    channel = connection.channel()',
    ...lines.map((line) => `    ${line}`),
    '    connection.close()',
    'except Exception as error:',
    '    print(type(error).__name__, getattr(error, "reply_code", ""))',
  ].join('\n');
  const args = ['netns', 'exec', remote.namespace, python, '-c', script, brokerHost, `${node.port}`, user, password];
  return (await promisify(execFile)('ip', args)).stdout.trim();
}

function addSender(node: Node, password: string, ...args: string[]): string {
  const env = { ...node.ctlEnv, BROKER_SENDER_PASSWORD: password };
  return execFileSync(resolve('scripts/add-sender.sh'), args, { env, encoding: 'utf8' });
}

async function declareProduct(url: string): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { exchanges, queues, bindings } = topology(prefix, ['default']);
  for (const { name, type } of exchanges) await channel.assertExchange(name, type, { durable: true });
  for (const { name, arguments: args } of queues) await channel.assertQueue(name, { durable: true, arguments: args });
  for (const { queue, exchange, key } of bindings) await channel.bindQueue(queue, exchange, key);
  await connection.close();
}

const why = obstacle();
const onTwoHosts = why ? describe.skip : describe;

onTwoHosts(`a sender on another host${why ? ` (skipped: ${why})` : ''}`, () => {
  const { inbox, dead, deliver } = names(prefix);
  let node: RabbitNode & Node;

  beforeAll(async () => {
    connectRemoteHost();
    const dir = mkdtempSync(join(tmpdir(), 'telegramq-remote-'));
    cleanUp(() => rmSync(dir, { recursive: true, force: true }));
    node = await startBroker({ dir, listen: ['127.0.0.1', brokerHost] });
    cleanUp(() => node.kill());
    await declareProduct(node.url);
    addSender(node, 'secret of news', 'news');
    addSender(node, 'secret of tutorial', 'tutorial', '--text-queue', 'hello');
  }, 240_000);

  const asNews = (...lines: string[]): Promise<string> => remotely(node, 'news', 'secret of news', ...lines);
  const asTutorial = (...lines: string[]): Promise<string> =>
    remotely(node, 'tutorial', 'secret of tutorial', ...lines);
  /** Eventually, since a queue reports its depth some time after it has it. */
  const holdsOne = (queue: string): Promise<true> =>
    eventually(
      async () => (await node.ctl('-q', 'list_queues', 'name', 'messages')).split('\n').includes(`${queue}\t1`),
      `${queue} holds one message`,
    );

  const publishTo = (exchange: string, key: string): string[] => [
    'channel.confirm_delivery()',
    `channel.basic_publish(exchange="${exchange}", routing_key="${key}", body=b'{"text":"hi"}', mandatory=True)`,
    'print("published")',
  ];

  it('is refused as guest', async () => {
    expect(await remotely(node, 'guest', 'guest', 'print("in")')).toMatch(/^ProbableAuthenticationError/);
  });

  it('is refused with a wrong password', async () => {
    expect(await remotely(node, 'news', 'guessed', 'print("in")')).toMatch(/^ProbableAuthenticationError/);
  });

  it('publishes to the inbox', async () => {
    expect(await asNews(...publishTo(inbox, 'any'))).toBe('published');
    expect(await holdsOne(inbox)).toBe(true);
  });

  it.each([
    ['publish to the exchange in front of the delivery queues', publishTo(deliver, 'default')],
    ['publish to a queue by its name', publishTo('', dead)],
    ['read the inbox', [`print(channel.basic_get("${inbox}"))`]],
    ['read the dead letters', [`channel.basic_consume("${dead}", print)`, 'print("consuming")']],
    ['declare a queue', ['channel.queue_declare(queue="mine")', 'print("declared")']],
    ['declare an exchange', ['channel.exchange_declare(exchange="telegramq.mine")', 'print("declared")']],
    ['delete the inbox', [`channel.queue_delete(queue="${inbox}")`, 'print("deleted")']],
    ['empty the inbox', [`channel.queue_purge(queue="${inbox}")`, 'print("emptied")']],
  ])('may not %s', async (_what, lines) => {
    expect(await asNews(...lines)).toBe('ChannelClosedByBroker 403');
  });

  it('runs the hello tutorial unchanged when it was added for that queue', async () => {
    const tutorial = [
      'channel.queue_declare(queue="hello")',
      'channel.basic_publish(exchange="", routing_key="hello", body="Hello World!")',
      'print(" [x] Sent")',
    ];
    expect(await asTutorial(...tutorial)).toBe('[x] Sent');
    expect(await holdsOne('hello')).toBe(true);
    expect(await asTutorial('print(channel.basic_get("hello"))')).toBe('ChannelClosedByBroker 403');
    expect(await asTutorial('channel.queue_declare(queue="hello2")')).toBe('ChannelClosedByBroker 403');
  });

  it('reaches the default chat, by the inbox and by the tutorial', async () => {
    const { DATABASE_URL, BLOB_URL } = (await broker(node.url)).environment;
    const at = {
      environment: { RABBITMQ_URL: node.url, QUEUE_PREFIX: prefix, DATABASE_URL, BLOB_URL },
      ownBots: () => undefined,
    };
    const sandbox = await aSandbox();
    await startConsumer(at, { TELEGRAM_API_ROOT: sandbox.url });
    await startProducer(at, { TELEGRAM_DEFAULT_CHAT_ID: '42', TEXT_QUEUES: 'hello' });
    // What the tests above have left there arrives as well.
    const texts = (await sandbox.waitFor(2)).map(({ params, chat_id }) => [chat_id, params.text]);
    expect(texts).toEqual(expect.arrayContaining([[42, 'hi'], [42, 'Hello World!']])); // prettier-ignore
    await asTutorial('channel.basic_publish(exchange="", routing_key="hello", body="And again")');
    expect((await sandbox.waitFor(3)).at(-1)).toMatchObject({ chat_id: 42, params: { text: 'And again' } });
  });

  it('keeps its password and gets the same permissions when it is added again', async () => {
    expect(execFileSync(resolve('scripts/add-sender.sh'), ['news'], { env: node.ctlEnv, encoding: 'utf8' })).toContain(
      'there already, its password left as it is',
    );
    expect(await asNews('print("in")')).toBe('in');
    const { configure, write, read } = senderPermissions(prefix);
    expect(await node.ctl('-q', 'list_permissions')).toContain(['news', configure, write, read].join('\t'));
  });
});
