import type { Sandbox, SandboxOptions } from '../../apps/sandbox/src/sandbox';
import { aSandbox, botToken, broker, post, spawnApp, type Answer, type Namespace, type SpawnedApp } from '../support';

type Overrides = Record<string, string | undefined>;

export interface SystemOptions {
  /** Default: no limits. */
  sandbox?: SandboxOptions;
  /** Another broker than the one of the run. */
  brokerUrl?: string;
  /** Settings of both apps. */
  environment?: Overrides;
}

/** Everything that a message meets: a broker, a Telegram, and the two apps as processes once a test starts them. */
export interface System {
  at: Namespace;
  sandbox: Sandbox;
  /** What both apps are started with. */
  environment: Overrides;
  producer: (overrides?: Overrides, until?: 'ready' | 'listening') => Promise<SpawnedApp>;
  consumer: (overrides?: Overrides, until?: 'ready' | 'listening') => Promise<SpawnedApp>;
}

/** Limits so high that only the machine is in the way; for tests that are about something else. */
export const unlimited = {
  TELEGRAM_RATE_GLOBAL: '10000/1s',
  TELEGRAM_RATE_PRIVATE: '10000/1s',
  TELEGRAM_RATE_GROUP: '10000/1s',
};

/** The documented limits hold only where a test takes `unlimited` away. */
export async function aSystem({ sandbox: options, brokerUrl, environment = {} }: SystemOptions = {}): Promise<System> {
  const [at, sandbox] = await Promise.all([broker(brokerUrl), aSandbox(options)]);
  const all = {
    ...at.environment,
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_API_ROOT: sandbox.url,
    ...unlimited,
    ...environment,
  };
  return {
    at,
    sandbox,
    environment: all,
    producer: (overrides, until) => spawnApp('producer', { ...all, ...overrides }, until),
    consumer: (overrides, until) => spawnApp('consumer', { ...all, ...overrides }, until),
  };
}

/** Posts one message and expects it to be taken. */
export async function postAccepted(url: string, message: Record<string, unknown>): Promise<Answer> {
  const answer = await post(url, message);
  if (answer.status !== 202) throw new Error(`refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Runs the work of each item, at most so many at a time, beginning in their order. */
export async function each<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
