import type { Options } from 'amqplib';

/** One message to publish: always persistent, always confirmed. */
export interface Publication {
  exchange: string;
  routingKey: string;
  body: Buffer;
  /** A returned message is known by it; senders may give several the same. */
  messageId: string;
  /** Nobody has to be bound for it; without, a message that no queue takes is `unroutable`. */
  forAnyone?: boolean;
  properties?: Pick<Options.Publish, 'headers' | 'contentType' | 'contentEncoding'>;
}

/**
 * What became of a publish, of one message or of several together.
 *
 * - `confirmed`: the broker has all of it on durable queues.
 * - `unavailable`: it was not handed to the broker, and never will be.
 * - `unroutable`: no queue is bound for it; the broker threw it away.
 * - `refused`: the broker answered with a nack, e.g. since the queue is full.
 * - `unconfirmed`: it was handed over and the answer did not come, or came for a part of it only. The connection was cut,
 *   but what the broker had received by then may still arrive.
 */
export type Published = 'confirmed' | 'unavailable' | 'unroutable' | 'refused' | 'unconfirmed';

/** One word for several publishes: what all of them have in common, or that nobody can say. */
export function together(results: readonly Published[]): Published {
  const different = new Set(results);
  const [first] = different;
  if (first === undefined) return 'confirmed';
  if (different.size === 1) return first;
  const taken = different.has('confirmed') || different.has('unconfirmed');
  return taken ? 'unconfirmed' : first;
}
