import type { Incoming } from '@app/broker';
import type { ConsumeMessage } from 'amqplib';

/** Reads Nest's envelope off a delivery queue; what its `data` must look like is the handler's to say. */
export function readDelivery({ content }: ConsumeMessage): Incoming {
  try {
    const packet = JSON.parse(content.toString()) as { pattern?: unknown; data?: unknown } | null;
    if (typeof packet?.pattern === 'string') return { pattern: packet.pattern, data: packet.data };
  } catch {
    // Falls through: not JSON, and so no envelope either.
  }
  return { unreadable: 'the body must be {"pattern","data"} as JSON' };
}
