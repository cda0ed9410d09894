import type { ChannelModel } from 'amqplib';
import { onOwnChannel, stands } from './own-channel';

/**
 * Makes sure that somebody else's queue stands, whoever comes first: where it stands it is used with whatever arguments
 * it has, else it is declared the way the RabbitMQ tutorials do, so that their publishers' own declaration fits.
 */
export async function declareForeign(connection: ChannelModel, queue: string): Promise<void> {
  if (await stands(connection, queue)) return;
  await onOwnChannel(connection, (channel) => channel.assertQueue(queue, { durable: false }));
}
