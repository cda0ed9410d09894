import type { Topology } from '@app/contracts';
import type { Channel } from 'amqplib';

/** Declares every exchange, queue and binding; declaring again what stands already changes nothing. */
export async function declare(channel: Channel, { exchanges, queues, bindings }: Topology): Promise<void> {
  await Promise.all(exchanges.map(({ name, type }) => channel.assertExchange(name, type, { durable: true })));
  await Promise.all(
    queues.map((queue) => channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments })),
  );
  await Promise.all(bindings.map(({ queue, exchange, key }) => channel.bindQueue(queue, exchange, key)));
}
