import type { ChannelModel } from 'amqplib';
import { names } from '@app/contracts';
import type { Sandbox } from '../../apps/sandbox/src/sandbox';

/** What every measurement works on. */
export interface Bench {
  rabbitmqUrl: string;
  /** First word of every queue name, for both contenders. */
  prefix: string;
  connection: ChannelModel;
  /** Telegram, without limits. */
  sandbox: Sandbox;
  /** Empties the queues that pile up. */
  purge: () => Promise<void>;
}

/** Both contenders have the same bot, and no limits beyond what the machine can do. */
export const contender = ({ rabbitmqUrl, prefix, sandbox }: Bench) => ({
  RABBITMQ_URL: rabbitmqUrl,
  DATABASE_URL: process.env.DATABASE_URL ?? '',
  QUEUE: `${prefix}.bare`,
  QUEUE_PREFIX: prefix,
  TELEGRAM_API_ROOT: sandbox.url,
  TELEGRAM_BOT_TOKEN: '1234567:bench-token',
  TELEGRAM_RATE_GLOBAL: '1000000/1s',
  TELEGRAM_RATE_PRIVATE: '1000000/1s',
});

/** Where messages for the delivery of each contender stand. */
export const queues = ({ prefix }: Bench) => ({
  ours: names(prefix).deliverQueue('default'),
  rival: `${prefix}.bare`,
});
