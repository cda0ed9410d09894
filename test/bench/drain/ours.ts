import { deliverKey, names, sendMessage } from '@app/contracts';
import { connect } from 'amqplib';
import { uuidv7 } from 'uuidv7';
import { Subject } from '../subject';
import type { Message } from './telegram';

/** TelegraMQ's consumer against a Telegram, with names of its own on the broker of the run. */
export class Ours {
  private constructor(
    private readonly consumer: Subject,
    private readonly prefix: string,
  ) {}

  static async start(name: string, apiRoot: string): Promise<Ours> {
    const prefix = `drain${process.pid}-${name}`;
    const consumer = await Subject.start('dist/apps/consumer/main.js', 'CONSUMER_HTTP_PORT', {
      RABBITMQ_URL: process.env.RABBITMQ_URL ?? '',
      DATABASE_URL: (process.env.DATABASE_URL ?? '').replace(/\.db$/, `-${name}.db`),
      QUEUE_PREFIX: prefix,
      TELEGRAM_API_ROOT: apiRoot,
      TELEGRAM_BOT_TOKEN: '9:ours',
    });
    return new Ours(consumer, prefix);
  }

  /** Resident memory in MB. */
  get memory(): number {
    return this.consumer.memory;
  }

  /** Puts messages on the delivery queues, as the producer does; resolves once the broker has confirmed all. */
  async queue(messages: Iterable<Message>): Promise<void> {
    const connection = await connect(process.env.RABBITMQ_URL ?? '', { noDelay: true });
    const channel = await connection.createConfirmChannel();
    let unconfirmed = 0;
    for (const message of messages) {
      const data = commandOf(message);
      const body = Buffer.from(JSON.stringify({ pattern: 'message.send', data }));
      const options = { messageId: data.id, persistent: true };
      channel.publish(names(this.prefix).deliver, deliverKey('default', data.priority), body, options);
      if (++unconfirmed % 1_000 === 0) await channel.waitForConfirms();
    }
    await channel.waitForConfirms();
    await connection.close();
  }

  /** Messages that wait on the delivery queue. */
  async left(): Promise<number> {
    const connection = await connect(process.env.RABBITMQ_URL ?? '');
    const channel = await connection.createChannel();
    const { messageCount } = await channel.checkQueue(names(this.prefix).deliverQueue('default'));
    await connection.close();
    return messageCount;
  }

  stop(): Promise<void> {
    return this.consumer.stop();
  }
}

const commandOf = ({ chat_id, text, priority = 'normal' }: Message) =>
  sendMessage.parse({
    ...{ version: 1, id: uuidv7(), bot: 'default', method: 'sendMessage', payload: { chat_id, text }, chat_id },
    ...{ priority, on_uncertain: 'resend', created_at: Date.now() },
  });
