import type { Environment } from '@app/settings';
import { botNames } from '@app/settings';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createConsumer } from '../../apps/consumer/src/consumer';
import { readConsumerSettings } from '../../apps/consumer/src/consumer.settings';
import { createProducer } from '../../apps/producer/src/producer';
import { readProducerSettings } from '../../apps/producer/src/producer.settings';
import type { Sandbox, SandboxOptions } from '../../apps/sandbox/src/sandbox';
import { startSandbox } from '../../apps/sandbox/src/server';
import type { Namespace } from './broker';
import { cleanUp } from './clean-up';
import { eventually } from './eventually';

/** Where an app is started: a broker, and names on it. */
type Place = Pick<Namespace, 'environment' | 'ownBots'>;

/** An app that runs in this process, with real HTTP on a port of its own. */
export interface RunningApp {
  app: NestFastifyApplication;
  url: string;
  isReady: () => Promise<boolean>;
  /** As SIGTERM does; a second call waits for the first. */
  close: () => Promise<void>;
}

/** What an app is started with beside the broker and its names; `undefined` takes a variable away. */
export type Overrides = Environment;

/** A token that the sandbox takes for a bot's. */
export const botToken = '123456:test-token-of-the-default-bot';

const quiet = { LOG_LEVEL: 'silent' };

/** Starts the producer and waits until it is ready, or only until it listens. */
export function startProducer(
  at: Place,
  overrides: Overrides = {},
  until: 'ready' | 'listening' = 'ready',
): Promise<RunningApp> {
  const environment = { ...quiet, ...at.environment, HTTP_PORT: '0', ...overrides };
  at.ownBots(botNames(environment));
  return run(createProducer(readProducerSettings(environment)), until);
}

/** Starts the consumer with the bot {@link botToken} and waits until it is ready, or only until it listens. */
export function startConsumer(
  at: Place,
  overrides: Overrides,
  until: 'ready' | 'listening' = 'ready',
): Promise<RunningApp> {
  const bot = { TELEGRAM_BOT_TOKEN: botToken };
  const environment = { ...quiet, ...at.environment, ...bot, CONSUMER_HTTP_PORT: '0', ...overrides };
  at.ownBots(botNames(environment));
  return run(createConsumer(readConsumerSettings(environment)), until);
}

/** Starts a sandbox that stands in for Telegram, without limits unless they are asked for. */
export async function aSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ limits: 'off', ...options });
  cleanUp(() => sandbox.stop());
  return sandbox;
}

async function run(creating: Promise<NestFastifyApplication>, until: 'ready' | 'listening'): Promise<RunningApp> {
  const app = await creating;
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= app.close());
  cleanUp(close);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const isReady = async () => (await fetch(`${url}/health/ready`)).ok;
  if (until === 'ready') await eventually(isReady, `${url} is ready`);
  return { app, url, isReady, close };
}
