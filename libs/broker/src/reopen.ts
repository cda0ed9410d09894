import type { LoggerService } from '@nestjs/common';
import type { AmqpConnectionManager, ChannelWrapper } from 'amqp-connection-manager';

/** Pause before a channel that is gone is opened again, in milliseconds. */
const reopenMs = 1_000;

/** Connections that another one is about to replace. */
const ending = new WeakSet<object>();

/** Opens another channel where only the channel is gone: the manager makes one for each new connection, and for nothing else. */
export function reopen(connections: AmqpConnectionManager, isClosing: () => boolean): void {
  const { connection } = connections;
  if (!connection || ending.has(connection)) return;
  ending.add(connection);
  setTimeout(() => {
    if (connections.connection === connection && !isClosing()) connections.reconnect();
  }, reopenMs).unref();
}

/**
 * Says what goes wrong while a channel is opened and its topology declared, and tries again until it goes right. Nobody
 * else listens for these errors, and the process would end.
 */
export function watchOpening(
  channel: ChannelWrapper,
  connections: AmqpConnectionManager,
  logger: LoggerService,
  isClosing: () => boolean,
): void {
  channel.on('error', (error: Error & { code?: number }) => {
    const advice =
      error.code === preconditionFailed ? ' Delete what stands there, or choose another QUEUE_PREFIX.' : '';
    logger.error(`The broker does not take what is declared, trying again: ${error.message}.${advice}`);
    reopen(connections, isClosing);
  });
}

/** What the broker says of a queue or an exchange that stands with other properties. */
const preconditionFailed = 406;
