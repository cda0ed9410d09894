import type { Channel, ChannelModel } from 'amqplib';

/** Takes one step on a channel of its own, since the broker closes the channel on a "no". */
export async function onOwnChannel<T>(connection: ChannelModel, step: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // The rejected promise says the same.
  const result = await step(channel);
  await channel.close();
  return result;
}

/** Whether the queue stands, with whatever arguments; another connection’s own queue does. */
export async function stands(connection: ChannelModel, queue: string): Promise<boolean> {
  try {
    await onOwnChannel(connection, (channel) => channel.checkQueue(queue));
    return true;
  } catch (error) {
    const { code } = error as { code?: number };
    if (code !== notFound && code !== resourceLocked) throw error;
    return code === resourceLocked;
  }
}

const notFound = 404;
/** What the broker says of a queue that is another connection’s alone. */
export const resourceLocked = 405;
