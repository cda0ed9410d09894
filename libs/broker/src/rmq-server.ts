import type { Topology } from '@app/contracts';
import { ServerRMQ } from '@nestjs/microservices';
import type { AmqpConnectionManager } from 'amqp-connection-manager';
import { IllegalOperationError, type Channel, type ConsumeMessage } from 'amqplib';
import { setTimeout as pause } from 'node:timers/promises';
import { isObservable, lastValueFrom } from 'rxjs';
import { connectionOptions } from './connection';
import { declare } from './declare';
import { DeliveryContext, type Verdict } from './delivery-context';
import { gatherWrites } from './gather-writes';
import { declareForeign } from './foreign-queue';

/** What the reader of a queue made of a message: the pattern whose handler takes it, or why nobody can. */
export type Incoming = { pattern: string; data: unknown } | { unreadable: string };

export interface Source {
  queue: string;
  /** Must not throw; what cannot be understood is `unreadable`. */
  read: (message: ConsumeMessage) => Incoming;
  /** Somebody else's plain queue: used as it stands, declared as the tutorials do where it does not stand yet. */
  foreign?: boolean;
}

export interface RmqServerOptions {
  urls: string[];
  topology: Topology;
  sources: Source[];
  /** Most messages of one queue in hand at once, unacknowledged. */
  prefetch: number;
  /** Takes a message that no handler can take, e.g. by publishing it as a dead letter. */
  onUnreadable: (message: ConsumeMessage, queue: string, why: string) => Promise<Verdict>;
  /** Called when the server begins to close, before it waits for the messages in hand. */
  onDrain?: () => void;
}

/** Longest wait for messages in hand when the process stops; a pod is usually killed after 30 s. */
const drainMs = 25_000;
/** Pause before a queue that vanished or could not be declared is tried again. */
const retryMs = 1_000;

/**
 * Nest's RMQ server with the guarantees that the transport lacks: several queues, manual acknowledgement in one place,
 * no message lost or stuck because nobody understands it, consumers that come back, and a shutdown that settles what is
 * in hand. A handler that resolves has its message acknowledged; one that throws has it handed back, which the queue's
 * delivery limit bounds.
 */
export class RmqServer extends ServerRMQ {
  private readonly consumers = new Map<string, { channel: Channel; tag: string }>();
  private inHand = 0;
  private onEmpty: (() => void) | undefined;
  private closing = false;

  constructor(private readonly broker: RmqServerOptions) {
    super({ urls: broker.urls, noAssert: true, noAck: false, socketOptions: connectionOptions });
  }

  /** True while every queue is being consumed. */
  get consuming(): boolean {
    return this.broker.sources.every(({ queue, foreign }) => foreign || this.consumers.has(queue));
  }

  /** Nest waits for this; ours resolves at once, since the broker may come later. `consuming` tells when it has. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    await super.listen(() => undefined);
    callback();
  }

  override async setupChannel(channel: Channel, callback: () => void): Promise<void> {
    this.consumers.clear();
    channel.on('error', (error: Error) => void this.logger.error(`Channel failed: ${error.message}`));
    channel.on('close', () => this.reopen(channel));
    gatherWrites(channel);
    await declare(channel, this.broker.topology);
    await channel.prefetch(this.broker.prefetch);
    for (const source of this.broker.sources) {
      if (source.foreign) void this.consumeForeign(source);
      else await this.consume(channel, source);
    }
    callback();
  }

  override async close(): Promise<void> {
    this.closing = true;
    await Promise.all(
      [...this.consumers.values()].map(({ channel, tag }) => channel.cancel(tag).catch(() => undefined)),
    );
    this.broker.onDrain?.();
    await this.drained();
    await super.close();
  }

  private async consume(channel: Channel, source: Source): Promise<void> {
    const onMessage = (message: ConsumeMessage | null) => {
      if (message) void this.take(message, channel, source);
      else this.cancelled(channel, source);
    };
    const { consumerTag } = await channel.consume(source.queue, onMessage);
    this.consumers.set(source.queue, { channel, tag: consumerTag });
  }

  /** On a channel of its own: the broker closes the channel on a "no", which the other queues must not feel. */
  private async consumeForeign(source: Source): Promise<void> {
    const { connection } = this.unwrap<AmqpConnectionManager>();
    if (!connection) return; // The next connection begins anew.
    const again = () =>
      this.later(() => this.unwrap<AmqpConnectionManager>().connection === connection && this.consumeForeign(source));
    try {
      await declareForeign(connection, source.queue);
      const channel = await connection.createChannel();
      channel.on('error', () => undefined); // The rejected promise says the same.
      await channel.prefetch(this.broker.prefetch);
      await this.consume(channel, source);
      channel.on('close', again);
    } catch (error) {
      this.logger.warn(`Queue ${source.queue} cannot be read now, trying again: ${(error as Error).message}`);
      again();
    }
  }

  /** The broker ended the consumer, e.g. because the queue was deleted. */
  private cancelled(channel: Channel, source: Source): void {
    this.consumers.delete(source.queue);
    this.logger.warn(`Queue ${source.queue} was deleted; declaring it again`);
    if (source.foreign)
      channel.close().catch(() => undefined); // Closing reads it again.
    else this.later(() => this.unwrap<AmqpConnectionManager>().reconnect());
  }

  /** One place turns what a handler did into what the broker is told. */
  private async take(message: ConsumeMessage, channel: Channel, source: Source): Promise<void> {
    this.inHand++;
    const verdict = await this.handle(message, channel, source).catch(async (error: unknown) => {
      this.logger.error(`A message of ${source.queue} is handed back, since its handler threw: ${describe(error)}`);
      await pause(retryMs); // A bug that strikes at once must not go round in circles at full speed.
      return 'failed' as const;
    });
    settle(message, channel, verdict);
    this.inHand--;
    if (this.inHand === 0) this.onEmpty?.();
  }

  private async handle(message: ConsumeMessage, channel: Channel, source: Source): Promise<Verdict> {
    const incoming = source.read(message);
    if ('unreadable' in incoming) return this.broker.onUnreadable(message, source.queue, incoming.unreadable);
    // Nest's own look-up tries to parse the pattern as JSON, whose exception costs 6 % of a delivery.
    const handler = this.getHandlers().get(incoming.pattern);
    if (!handler) return this.broker.onUnreadable(message, source.queue, `no handler for this pattern`);
    const context = new DeliveryContext(message, channel, incoming.pattern, source.queue);
    const result: unknown = await handler(incoming.data, context);
    return (isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result) as Verdict;
  }

  /** The broker closed the channel but not the connection: only a new connection makes a new channel. */
  private reopen(channel: Channel): void {
    for (const [queue, consumer] of this.consumers) if (consumer.channel === channel) this.consumers.delete(queue);
    const connection = this.server ? this.unwrap<AmqpConnectionManager>().connection : undefined;
    this.later(() => {
      const manager = this.unwrap<AmqpConnectionManager>();
      if (connection && manager.connection === connection) manager.reconnect();
    });
  }

  private later(action: () => unknown): void {
    setTimeout(() => !this.closing && action(), retryMs).unref();
  }

  private async drained(): Promise<void> {
    if (this.inHand === 0) return;
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      setTimeout(resolve, drainMs).unref();
    });
  }
}

function settle(message: ConsumeMessage, channel: Channel, verdict: Verdict | 'failed'): void {
  try {
    // On RabbitMQ 4.3 `reject` counts towards the delivery limit and `nack` does not.
    if (verdict === 'failed') channel.reject(message, true);
    else if (verdict === 'leave') channel.nack(message, false, true);
    else channel.ack(message);
  } catch (error) {
    // The channel is gone, and the broker hands the message out again by itself.
    if (!(error instanceof IllegalOperationError)) throw error;
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
