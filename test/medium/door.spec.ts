import type { Sandbox } from '../../apps/sandbox/src/sandbox';
import { aSandbox, botToken, broker, startConsumer, startProducer, type Namespace, type Overrides } from '../support';

/** One answer, down to its bytes. */
interface Raw {
  status: number;
  type: string | null;
  retryAfter: string | null;
  text: string;
}

async function ask(root: string, path: string, init: RequestInit = {}): Promise<Raw> {
  const response = await fetch(`${root}/bot${path}`, { signal: AbortSignal.timeout(20_000), ...init });
  const { status, headers } = response;
  return {
    status,
    type: headers.get('content-type'),
    retryAfter: headers.get('retry-after'),
    text: await response.text(),
  };
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const unlimited = {
  TELEGRAM_RATE_GLOBAL: '10000/1s',
  TELEGRAM_RATE_PRIVATE: '10000/1s',
  TELEGRAM_RATE_GROUP: '10000/1s',
};

interface Doorway {
  at: Namespace;
  sandbox: Sandbox;
  url: string;
}

/** Producer, consumer and a Telegram in this process. */
async function aDoor(overrides: Overrides = {}): Promise<Doorway> {
  const [at, sandbox] = await Promise.all([broker(), aSandbox()]);
  const settings = { TELEGRAM_BOT_TOKEN: botToken, TELEGRAM_API_ROOT: sandbox.url, ...unlimited, ...overrides };
  const [producer] = await Promise.all([startProducer(at, settings), startConsumer(at, settings)]);
  return { at, sandbox, url: producer.url };
}

describe('The Bot API door', () => {
  it('answers with Telegram’s own result, once the message is delivered', async () => {
    const { sandbox, url } = await aDoor();
    const answer = await ask(url, `${botToken}/sendMessage`, json({ chat_id: 1001, text: 'hi' }));
    expect(answer).toMatchObject({ status: 200, type: 'application/json' });
    expect(JSON.parse(answer.text)).toMatchObject({
      ok: true,
      result: { message_id: 1, text: 'hi', chat: { id: 1001 } },
    });
    expect(sandbox.accepted()).toHaveLength(1);
    const refused = await ask(url, `${botToken}/sendMessage`, json({ chat_id: 1001 }));
    expect(refused).toEqual(await ask(sandbox.url, `${botToken}/sendMessage`, json({ chat_id: 1001 })));
    const me = await ask(url, `${botToken}/getMe`);
    expect(me).toEqual(await ask(sandbox.url, `${botToken}/getMe`));
  });
});
