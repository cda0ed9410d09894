import type { Options } from 'amqplib';

/** One message to publish: always persistent, always mandatory, always confirmed. */
export interface Publication {
  exchange: string;
  routingKey: string;
  body: Buffer;
  /** Unique while the publish is under way: a returned message is known by it. */
  messageId: string;
  properties?: Pick<Options.Publish, 'headers' | 'contentType' | 'contentEncoding'>;
}

/**
 * What became of a publish.
 *
 * - `confirmed`: the broker has it on a durable queue.
 * - `unavailable`: it was not handed to the broker, and never will be.
 * - `unroutable`: no queue is bound for it; the broker threw it away.
 * - `refused`: the broker answered with a nack, e.g. since the queue is full.
 * - `unconfirmed`: it was handed over and the answer never came; the connection was cut to withdraw it.
 */
export type Published = 'confirmed' | 'unavailable' | 'unroutable' | 'refused' | 'unconfirmed';
