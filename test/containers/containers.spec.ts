import type { Channel } from 'amqplib';
import { eventually } from '../support/eventually';
import { Wire } from '../support/wire';
import { chat, Deployment, docker } from './deployment';

/** What `docker compose config` shows. */
interface Configuration {
  services: { consumer: { environment: Record<string, string> } };
}

/** Containers start in half a minute; a busy machine is slower. */
jest.setTimeout(300_000);

const deployment = new Deployment(`telegramq-test-${process.pid}`);
const apps = ['producer', 'consumer', 'sandbox'];

beforeAll(() => deployment.up());
afterAll(async () => {
  // Nothing may stay behind, whatever a test has found.
  await deployment.down('--volumes', '--remove-orphans');
});

describe('docker compose up', () => {
  it('delivers a message to the sandbox with nothing set beforehand', async () => {
    expect(await deployment.send('hello')).toMatchObject({ status: 202, body: { status: 'queued' } });
    expect(await deployment.arrival('hello')).toBe(1);
  });

  it('lets nobody send without the token that it has made up', async () => {
    expect(await deployment.send('stranger', 'a-token-of-nobody')).toMatchObject({ status: 401 });
  });

  it('publishes nothing beyond this host', async () => {
    const ports = [['producer', 3000], ['consumer', 3001], ['sandbox', 8081], ['rabbitmq', 5672], ['rabbitmq', 15672]] as const; // prettier-ignore
    const published = await Promise.all(ports.map(([service, port]) => deployment.published(service, port)));
    expect(published).toEqual(ports.map(() => expect.stringMatching(/^127\.0\.0\.1:\d+$/)));
  });

  it('runs again without changing anything', async () => {
    const before = await Promise.all([deployment.token(), deployment.inspect('producer', '.Id')]);
    await deployment.up();
    expect(await Promise.all([deployment.token(), deployment.inspect('producer', '.Id')])).toEqual(before);
  });

  it('refuses to start without a bot token and without the sandbox, and says what to do', async () => {
    const bare = new Deployment(`${deployment.project}-bare`);
    const refusal = await bare.compose('run', '--rm', '-T', 'setup').catch(String);
    await bare.down('--volumes');
    expect(refusal).toMatch('TELEGRAM_BOT_TOKEN is not set');
  });

  it('sends to Telegram with a bot token in .env, and refuses to start a sandbox beside it', async () => {
    const real = new Deployment(deployment.project, 'TELEGRAM_BOT_TOKEN=123456:real');
    const { services } = JSON.parse(await real.compose('config', '--format', 'json')) as Configuration;
    expect(services.consumer.environment).toMatchObject({
      TELEGRAM_API_ROOT: 'https://api.telegram.org',
      TELEGRAM_BOT_TOKEN: '123456:real',
    });
    const refusal = await real.compose('run', '--rm', '-T', '--no-deps', 'setup').catch(String);
    expect(refusal).toMatch('TELEGRAM_BOT_TOKEN is set, so that messages would go to Telegram');
  });
});

describe('The images', () => {
  it.each([...apps, 'rabbitmq'])('run %s as somebody other than root', async (service) => {
    expect(await deployment.users(service)).not.toContain('0');
  });

  it.each(apps)('hold what %s needs to run, and neither sources nor tools', async (app) => {
    const files = (await deployment.exec(app, 'ls', '/app', '/app/dist/apps')).split('\n').filter(Boolean);
    expect(files).toEqual(['/app:', 'data', 'dist', 'node_modules', '/app/dist/apps:', app]);
    expect(await deployment.exec(app, 'ls', '/app/node_modules')).not.toMatch(/^(jest|typescript|eslint|webpack)$/m);
  });

  it('refuse to let the producer listen to everybody without API tokens', async () => {
    const refusal = await docker('run', '--rm', 'telegramq-producer').catch(String);
    expect(refusal).toMatch('HTTP_HOST must be a loopback address while API_TOKENS is not set');
  });
});

describe('The broker', () => {
  const userOf = (user: string, password: string, at: string) => `amqp://${user}:${password}@${at}`;

  it('takes a message of the user `sender` from another host, and lets it do nothing else', async () => {
    const password = await deployment.exec('rabbitmq', 'cat', '/run/telegramq/sender-password');
    const sender = new Wire(userOf('sender', password, await deployment.published('rabbitmq', 5672)));
    await sender.publish('telegramq.inbox', '', { chat_id: chat, text: 'from a sender' });
    expect(await deployment.arrival('from a sender')).toBe(1);
    const attempts: ((channel: Channel) => unknown)[] = [
      (channel) => channel.assertQueue('mine'),
      (channel) => channel.consume('telegramq.dead', () => undefined),
      // A publish has no answer; the next question learns that it has closed the channel.
      (channel) => [channel.publish('telegramq.deliver', 'default', Buffer.from('{}')), channel.prefetch(1)][1],
    ];
    for (const attempt of attempts) {
      await expect(sender.onChannel(async (channel) => attempt(channel))).rejects.toThrow(/ACCESS[-_]REFUSED/);
    }
    await sender.close();
  });

  it('refuses guest from another container, even where somebody has made that user', async () => {
    await deployment.exec('rabbitmq', 'rabbitmqctl', 'add_user', 'guest', 'guest');
    await deployment.exec('rabbitmq', 'rabbitmqctl', 'set_permissions', 'guest', '.*', '.*', '.*');
    const connect = `require('amqplib').connect('${userOf('guest', 'guest', 'rabbitmq')}').then((it) => it.close())`;
    const refusal = await deployment.exec('producer', 'node', '-e', connect).catch(String);
    await deployment.exec('rabbitmq', 'rabbitmqctl', 'delete_user', 'guest');
    expect(refusal).toMatch(/ACCESS_REFUSED/);
  });

  it('is missed within 5 s when it is killed, and found again when it is back', async () => {
    await deployment.compose('kill', 'rabbitmq');
    const killed = performance.now();
    const refused = await deployment.send('while it is away');
    expect(performance.now() - killed).toBeLessThan(5_000);
    expect(refused).toMatchObject({ status: 503, body: { status: 503, code: 'broker_unavailable' } });
    expect(refused.headers.get('content-type')).toMatch('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await deployment.up();
    await eventually(async () => (await deployment.send('it is back')).status === 202, 'the producer takes messages');
    expect(await deployment.arrival('it is back')).toBe(1);
  });
});

describe('docker stop', () => {
  it.each(apps)('ends %s by itself', async (app) => {
    await deployment.compose('--profile', 'sandbox', 'stop', app);
    expect(await deployment.inspect(app, '.State.ExitCode')).toBe('0');
    await deployment.up();
  });
});

describe('docker compose down', () => {
  it('keeps messages and secrets for the next up', async () => {
    const token = await deployment.token();
    await deployment.compose('stop', 'consumer');
    expect(await deployment.send('kept')).toMatchObject({ status: 202 });
    await deployment.down();
    await deployment.up();
    expect(await deployment.token()).toBe(token);
    expect(await deployment.arrival('kept')).toBe(1);
  });

  it('leaves nothing with --volumes', async () => {
    expect(await deployment.remains()).not.toEqual([]);
    await deployment.down('--volumes');
    expect(await deployment.remains()).toEqual([]);
  });
});
