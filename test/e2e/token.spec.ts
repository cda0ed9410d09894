import { post, request, spawnToEnd, eventually, type SpawnedApp } from '../support';
import { allArrive, numbered } from './arrivals';
import { aSystem, each } from './system';

const botSecret = 'AAF-secret-part-of-the-token-x1';
const token = `123456:${botSecret}`;
const wrongSecret = 'AAF-secret-part-of-a-wrong-one';
const apiSecret = 'secret-of-the-billing-service';
const brokerSecret = 'secret-of-the-broker';
const secrets = [botSecret, wrongSecret, apiSecret, brokerSecret];

function expectNoSecret(where: string, text: string): void {
  for (const secret of secrets) {
    const at = text.indexOf(secret);
    if (at >= 0) throw new Error(`${where} tells a secret: …${text.slice(Math.max(0, at - 200), at + 80)}…`);
  }
}

describe('A secret', () => {
  it('is in no log, answer, metric or dead letter after a varied run at log level trace', async () => {
    const { at, sandbox, producer, consumer } = await aSystem({
      sandbox: { tokens: [token] },
      environment: { LOG_LEVEL: 'trace', TELEGRAM_BOT_TOKEN: token, API_TOKENS: `billing:${apiSecret}` },
    });
    const apps: SpawnedApp[] = await Promise.all([producer(), consumer()]);
    const url = apps[0]?.url ?? '';
    const told: string[] = [];
    const hear = async <T extends { body: unknown; headers: Headers }>(answering: Promise<T>): Promise<T> => {
      const answer = await answering;
      told.push(JSON.stringify([...answer.headers]), JSON.stringify(answer.body));
      return answer;
    };
    const send = (message: unknown) => hear(post(url, message, { authorization: `Bearer ${apiSecret}` }));

    // A proxy's page that repeats the address it was asked for, an error that does, and every way to break off.
    const page = `<html>502: POST /bot${token}/sendMessage failed</html>`;
    const faults = [
      { kind: 'html', body: page, status: 502 },
      { kind: 'html', body: page, status: 200 },
      { kind: 'code', error_code: 400, description: `Bad Request: no route for /bot${token}/sendMessage` },
      { kind: 'code', error_code: 500, description: `Internal: ${token}` },
      { kind: 'cut' },
      { kind: 'reset' },
      { kind: 'empty' },
    ] as const;
    faults.forEach((fault, i) => sandbox.fault({ match: { chat_id: 1001 + i }, fault }));
    sandbox.chat(2001, 'blocked');
    const messages = numbered(20, 10);
    await each(messages, 5, send);
    await send({ chat_id: 2001, text: 'to one who blocked the bot' });
    await send({ chat_id: 1001, text: 5, format: 'no such' });
    await send('{"no JSON');
    await hear(post(url, { chat_id: 1001, text: 'x' }, { authorization: `Bearer ${wrongSecret}` }));
    await hear(request(`${url}/nowhere`));
    // The door, whose addresses hold tokens: right and wrong ones, of every kind of call, and what the router refuses.
    const calls = ['sendMessage?chat_id=2001&text=x', 'getMe', 'getFile?file_id=none', 'get.Me', 'sendMessage/%zz'];
    sandbox.fault({ match: { method: 'getMe' }, fault: { kind: 'html', body: page, status: 502 } });
    sandbox.fault({
      match: { method: 'getMe' },
      fault: { kind: 'code', error_code: 400, description: `no /bot${token}` },
    });
    for (const key of [token, token, `123456:${wrongSecret}`, `123456:${apiSecret}`]) {
      for (const call of calls) await hear(request(`${url}/bot${key}/${call}`));
      for (const path of [`file/bot${key}/files/none`, `Bot${key}/getMe`, `/bot${key}/getMe`, `v1/bot${key}%zz`]) {
        await hear(request(`${url}/${path}`));
      }
      await hear(request(`${url}/bot${key}/getMe`, { method: 'PUT' }));
    }
    const refused = '3'; // By the 400 above.
    const delivered = messages.map(({ text }) => text).filter((text) => text !== refused);
    await allArrive(sandbox, delivered, 30_000);
    await eventually(async () => (await at.count(at.names.dead)) === 2, 'two dead letters');

    // A token that Telegram does not know, and one that is none at all.
    const stranger = await consumer({ TELEGRAM_BOT_TOKEN: `123456:${wrongSecret}` });
    await apps[1]?.kill('SIGTERM');
    await send({ chat_id: 1001, text: '21' });
    await eventually(() => stranger.log().includes('bot_unauthorized'), 'Telegram refuses the wrong token');
    for (const app of [apps[0], stranger]) {
      for (const path of ['health/live', 'health/ready', 'metrics', 'openapi.json']) {
        await hear(request(`${app?.url}/${path}`));
      }
    }
    for (const app of [...apps, stranger]) await app.kill('SIGTERM');

    for (const app of [...apps, stranger]) expectNoSecret('a log', app.log());
    expect(apps[1]?.log()).toContain('"level":30'); // There was something to look at.
    told.forEach((answer) => expectNoSecret('an answer', answer));
    for (const { content, properties } of await at.takeAll(at.names.dead)) {
      expectNoSecret('a dead letter', content.toString());
      expectNoSecret('a header', JSON.stringify(properties));
    }
  });

  it.each([
    ['a token with a space in it', 'consumer', { TELEGRAM_BOT_TOKEN: `123456: ${botSecret}` }],
    ['a token without digits', 'consumer', { TELEGRAM_BOT_TOKEN: botSecret }],
    ['a token in the place of a rate', 'consumer', { TELEGRAM_BOT_TOKEN: token, TELEGRAM_RATE_GLOBAL: token }],
    ['a token inside the API root', 'consumer', { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: `no://x/bot${token}` }],
    ['a token file that is named by the token', 'consumer', { TELEGRAM_BOT_TOKEN_FILE: token }],
    ['a broker that is no address', 'producer', { RABBITMQ_URL: `amqp:/user:${brokerSecret}@host` }],
    ['an API token without a name', 'producer', { API_TOKENS: apiSecret }],
    ['a port that is a secret', 'producer', { HTTP_PORT: apiSecret }],
  ] as const)('is not told by a start that fails over %s', async (_what, app, environment) => {
    const { code, log } = await spawnToEnd(app, { LOG_LEVEL: 'trace', ...environment });

    expect(code).toBe(1);
    expect(log).toContain('Wrong settings');
    expectNoSecret('the error', log);
  });

  it.each(['producer', 'consumer'] as const)('of the broker is not in the log of a %s that is refused', async (app) => {
    const system = await aSystem({ environment: { LOG_LEVEL: 'trace' } });
    const { port } = new URL(system.at.url);
    const RABBITMQ_URL = `amqp://guest:${brokerSecret}@127.0.0.1:${port},amqp://u:${brokerSecret}@127.0.0.1:1`;
    const { log } = await system[app]({ RABBITMQ_URL }, 'listening');

    await eventually(() => /ECONNREFUSED|ACCESS_REFUSED|[Dd]isconnected/.test(log()), 'it tells that it has no broker');
    expectNoSecret('its log', log());
  });
});
