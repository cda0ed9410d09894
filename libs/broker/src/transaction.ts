import { IllegalOperationError, type Channel, type ChannelModel } from 'amqplib';
import type { Publication, Published } from './publication';

/** Methods of AMQP 0-9-1's `tx` class (90) by number; amqplib can encode them but has no functions for them. */
const tx = { select: 0x5a000a, selectOk: 0x5a000b, commit: 0x5a0014, commitOk: 0x5a0015 } as const;

type TxChannel = Channel & { rpc(method: number, fields: object, reply: number): Promise<unknown> };

/**
 * Publishes several messages so that all of them stand on their queues, or none: the broker keeps them aside until the
 * commit, and forgets them when the connection ends before. A commit is answered once every queue has its message.
 */
export async function publishTogether(
  connection: ChannelModel,
  publications: readonly Publication[],
): Promise<Published> {
  let committing = false;
  let returned = false;
  try {
    const channel = (await connection.createChannel()) as TxChannel;
    channel.on('error', () => undefined); // The rejected promise says the same.
    channel.on('return', () => (returned = true));
    await channel.rpc(tx.select, {}, tx.selectOk);
    for (const { exchange, routingKey, body, messageId, properties } of publications) {
      channel.publish(exchange, routingKey, body, { ...properties, messageId, persistent: true, mandatory: true });
    }
    committing = true;
    await channel.rpc(tx.commit, {}, tx.commitOk);
    await channel.close();
    return returned ? 'unroutable' : 'confirmed';
  } catch (error) {
    if (committing) return 'unconfirmed';
    if (error instanceof IllegalOperationError || isConnectionLoss(error)) return 'unavailable';
    throw error;
  }
}

/** What amqplib rejects a pending call with when its channel or connection ends. */
const isConnectionLoss = (error: unknown): boolean =>
  error instanceof Error && /^(Channel|Connection) (closed|ended)|closed/i.test(error.message);
