import type { Topology } from '@app/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import { setTimeout as pause } from 'node:timers/promises';
import { stands } from './own-channel';

/** Declares every exchange, queue and binding; declaring again what stands already changes nothing. */
export async function declare(channel: Channel, { exchanges, queues, bindings, routes }: Topology): Promise<void> {
  await Promise.all(exchanges.map(({ name, type }) => channel.assertExchange(name, type, { durable: true })));
  await Promise.all(
    queues.map((queue) => channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments })),
  );
  await Promise.all(bindings.map(({ queue, exchange, key }) => channel.bindQueue(queue, exchange, key)));
  await Promise.all(routes.map(({ to, exchange, key }) => channel.bindExchange(to, exchange, key)));
}

/**
 * How long a new quorum queue is left alone. RabbitMQ 3.10 writes the name of a new queue's log to disk every 500 ms;
 * killed before that it comes back with the queue empty, though it had confirmed what stood there. Twice that time.
 */
const settleMs = 1_000;

/** As {@link declare}, for a publisher: what it publishes after that outlives a kill -9 of the broker. */
export async function declareToPublish(connection: ChannelModel, channel: Channel, topology: Topology): Promise<void> {
  const known = await Promise.all(topology.queues.map(({ name }) => stands(connection, name)));
  await declare(channel, topology);
  if (known.includes(false)) await pause(settleMs);
}
