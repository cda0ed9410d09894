import type { ChannelModel } from 'amqplib';
import { onOwnChannel, resourceLocked } from './own-channel';

/**
 * Makes this connection the only one that holds the name: an exclusive queue, which goes with its connection, so that
 * nobody has to be asked whether the holder still lives.
 *
 * @returns Whether it holds it now; somebody else does otherwise.
 */
export async function takeLease(connection: ChannelModel, name: string): Promise<boolean> {
  try {
    await onOwnChannel(connection, (channel) => channel.assertQueue(name, { exclusive: true, durable: false }));
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === resourceLocked) return false;
    throw error;
  }
}

/** Lets somebody else hold it. */
export async function giveLease(connection: ChannelModel, name: string): Promise<void> {
  await onOwnChannel(connection, (channel) => channel.deleteQueue(name));
}

/** How many consumers stand on a queue. */
export async function countConsumers(connection: ChannelModel, queue: string): Promise<number> {
  return (await onOwnChannel(connection, (channel) => channel.checkQueue(queue))).consumerCount;
}
