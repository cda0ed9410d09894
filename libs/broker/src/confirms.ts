import { IllegalOperationError, type ConfirmChannel, type Message } from 'amqplib';
import type { Publication, Published } from './publication';

interface Pending {
  /** When it was handed to the broker, as `performance.now()`. */
  since: number;
  returned: boolean;
}

/**
 * Publishes on one channel and tells what the broker said of each message. An unroutable message is returned and then
 * confirmed, in that order, so a return only has to be remembered until its confirm comes.
 */
export class Confirms {
  private readonly pending = new Map<string, Pending>();
  /** When the broker last answered anything on this channel, as `performance.now()`. */
  lastAnswer = performance.now();

  constructor(private readonly channel: ConfirmChannel) {
    channel.on('return', ({ properties }: Message) => {
      const pending = this.pending.get(properties.messageId as string);
      if (pending) pending.returned = true;
    });
  }

  /** How long the oldest message without a confirm has been waiting for it, in milliseconds. */
  get longestWaitMs(): number {
    const [oldest] = this.pending.values(); // A map keeps the order of insertion.
    return oldest ? performance.now() - oldest.since : 0;
  }

  publish({ exchange, routingKey, body, messageId, properties }: Publication): Promise<Published> {
    return new Promise((resolve) => {
      const pending: Pending = { since: performance.now(), returned: false };
      const settle = (error: unknown) => {
        this.pending.delete(messageId);
        if (pending.returned) return resolve('unroutable');
        if (!error) this.lastAnswer = performance.now();
        resolve(!error ? 'confirmed' : isNack(error) ? 'refused' : 'unconfirmed');
      };
      this.pending.set(messageId, pending);
      try {
        const options = { ...properties, messageId, persistent: true, mandatory: true };
        this.channel.publish(exchange, routingKey, body, options, settle);
      } catch (error) {
        this.pending.delete(messageId);
        // The channel was closed already: nothing was written. Anything else is a bug.
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
