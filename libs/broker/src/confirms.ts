import { IllegalOperationError, type ConfirmChannel, type Message } from 'amqplib';
import type { Publication, Published } from './publication';

interface Pending {
  messageId: string;
  /** When it was handed to the broker, as `performance.now()`. */
  since: number;
  returned: boolean;
}

/**
 * Publishes on one channel and tells what the broker said of each message. An unroutable message is returned and then
 * confirmed, in that order, so a return only has to be remembered until its confirm comes.
 */
export class Confirms {
  /** In the order of publishing. */
  private readonly pending = new Set<Pending>();
  /** When the broker last answered anything on this channel, as `performance.now()`. */
  lastAnswer = performance.now();

  constructor(private readonly channel: ConfirmChannel) {
    channel.on('return', ({ properties }: Message) => {
      // A sender may have given several messages the same id.
      for (const pending of this.pending) {
        if (pending.messageId !== properties.messageId || pending.returned) continue;
        pending.returned = true;
        break;
      }
    });
  }

  /** How long the oldest message without a confirm has been waiting for it, in milliseconds. */
  get longestWaitMs(): number {
    const [oldest] = this.pending;
    return oldest ? performance.now() - oldest.since : 0;
  }

  publish({ exchange, routingKey, body, messageId, forAnyone, properties }: Publication): Promise<Published> {
    return new Promise((resolve) => {
      const pending: Pending = { messageId, since: performance.now(), returned: false };
      const settle = (error: unknown) => {
        this.pending.delete(pending);
        if (pending.returned) return resolve('unroutable');
        if (!error) this.lastAnswer = performance.now();
        resolve(!error ? 'confirmed' : isNack(error) ? 'refused' : 'unconfirmed');
      };
      this.pending.add(pending);
      try {
        const options = { ...properties, messageId, persistent: true, mandatory: !forAnyone };
        this.channel.publish(exchange, routingKey, body, options, settle);
      } catch (error) {
        this.pending.delete(pending);
        // The channel was closed already: nothing was written. Anything else is a bug, and rejects.
        if (error instanceof IllegalOperationError) resolve('unavailable');
        else throw error;
      }
    });
  }

  /**
   * Asks the broker for a sign of life by publishing an empty message to nowhere, which it confirms and drops.
   * Only a publish makes a broker under a memory or disk alarm say `connection.blocked`.
   */
  probe(routingKey: string): Promise<boolean> {
    return new Promise((resolve) => {
      try {
        this.channel.publish('', routingKey, Buffer.alloc(0), {}, (error: unknown) => {
          if (!error) this.lastAnswer = performance.now();
          resolve(!error);
        });
      } catch {
        resolve(false);
      }
    });
  }
}

/** amqplib rejects with this message on `basic.nack`, and with others when the channel closes. */
const isNack = (error: unknown): boolean => error instanceof Error && error.message === 'message nacked';
