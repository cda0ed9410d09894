import type { ChannelModel } from 'amqplib';

/**
 * Makes sure that somebody else's queue stands, whoever comes first: where it stands it is used with whatever arguments
 * it has, else it is declared the way the RabbitMQ tutorials do, so that their publishers' own declaration fits.
 * Each step has a channel of its own, because the broker closes the channel on a "no".
 */
export async function declareForeign(connection: ChannelModel, queue: string): Promise<void> {
  const stands = await onOwnChannel(connection, (channel) => channel.checkQueue(queue)).then(
    () => true,
    (error: { code?: number }) => {
      if (error.code === 404) return false;
      throw error;
    },
  );
  if (!stands) await onOwnChannel(connection, (channel) => channel.assertQueue(queue, { durable: false }));
}

async function onOwnChannel<T>(
  connection: ChannelModel,
  step: (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<T>,
): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // The rejected promise says the same.
  const result = await step(channel);
  await channel.close();
  return result;
}
