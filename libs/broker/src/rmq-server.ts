import type { Topology } from '@app/contracts';
import { ServerRMQ } from '@nestjs/microservices';
import type { AmqpConnectionManager, ChannelWrapper } from 'amqp-connection-manager';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { isObservable, lastValueFrom } from 'rxjs';
import { connectionOptions } from './connection';
import { declare } from './declare';
import { DeliveryContext, type Verdict } from './delivery-context';
import { gatherWrites } from './gather-writes';
import { declareForeign } from './foreign-queue';
import { Reading, type Source } from './reading';
import { reopen, watchOpening } from './reopen';

export interface StandingSource extends Source {
  /** Somebody else's plain queue: used as it stands, declared as the tutorials do where it does not stand yet. */
  foreign?: boolean;
  /** A queue for this process alone: made for its connection, and gone with that. */
  exclusive?: boolean;
}

export interface RmqServerOptions {
  urls: string[];
  topology: Topology;
  /** Queues that are read all the time. */
  sources: StandingSource[];
  /** Most messages of one queue in hand at once, unacknowledged. */
  prefetch: number;
  /** Takes a message that no handler can take, e.g. by publishing it as a dead letter. */
  onUnreadable: (message: ConsumeMessage, queue: string, why: string) => Promise<Verdict>;
  /** Called when the server begins to close, before it waits for the messages in hand. */
  onDrain?: () => void;
  /** Called with every new connection, once everything is declared on it; the signal tells that it is lost. */
  onConnection?: (connection: ChannelModel, lost: AbortSignal) => void;
}

/** Pause before somebody else's queue that vanished or could not be declared is tried again, in milliseconds. */
const retryMs = 1_000;

/**
 * Nest's RMQ server with the guarantees that the transport lacks: several queues, manual acknowledgement in one place,
 * no message lost or stuck because nobody understands it, consumers that come back, and a shutdown that settles what is
 * in hand. A handler that resolves has its message acknowledged; one that throws has it handed back, which the queue's
 * delivery limit bounds.
 */
export class RmqServer extends ServerRMQ {
  private readonly readings = new Set<Reading>();
  private closing = false;
  private readonly isClosing = () => this.closing;

  constructor(private readonly broker: RmqServerOptions) {
    super({ urls: broker.urls, noAssert: true, noAck: false, socketOptions: connectionOptions });
  }

  /** True while every queue is being consumed. */
  get consuming(): boolean {
    const readings = [...this.readings];
    return this.broker.sources.every(({ queue, foreign }) => foreign || readings.some((one) => one.reads(queue)));
  }

  /** Nest waits for this; ours resolves at once, since the broker may come later. `consuming` tells when it has. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    await super.listen(() => undefined);
    const connections = this.unwrap<AmqpConnectionManager>();
    // Behind Nest's own, which makes the channel.
    connections.once('connect', () =>
      watchOpening(this.channel as ChannelWrapper, connections, this.logger, this.isClosing),
    );
    callback();
  }

  override async setupChannel(channel: Channel, callback: () => void): Promise<void> {
    channel.on('error', (error: Error) => void this.logger.error(`Channel failed: ${error.message}`));
    const lost = new AbortController();
    channel.on('close', () => {
      lost.abort();
      if (!this.closing) reopen(this.unwrap<AmqpConnectionManager>(), this.isClosing);
    });
    gatherWrites(channel);
    await declare(channel, this.broker.topology);
    const reading = this.read(channel);
    for (const source of this.broker.sources) {
      if (source.exclusive) await channel.assertQueue(source.queue, { exclusive: true, durable: false });
      if (source.foreign) void this.consumeForeign(source);
      else await reading.consume(source, this.broker.prefetch, () => this.cancelled(source.queue));
    }
    const { connection } = this.unwrap<AmqpConnectionManager>();
    if (connection) this.broker.onConnection?.(connection, lost.signal);
    callback();
  }

  override async close(): Promise<void> {
    this.closing = true;
    const readings = [...this.readings];
    await Promise.all(readings.map((reading) => reading.cancel()));
    this.broker.onDrain?.();
    await Promise.all(readings.map((reading) => reading.drained()));
    await super.close();
  }

  /** Opens a channel of its own for queues that are read for a while; closing the channel ends it. */
  async open(connection: ChannelModel): Promise<Reading> {
    const channel = await connection.createChannel();
    channel.on('error', (error: Error) => void this.logger.error(`Channel failed: ${error.message}`));
    gatherWrites(channel);
    return this.read(channel);
  }

  private read(channel: Channel): Reading {
    const reading = new Reading(
      channel,
      (message, source, from) => this.handle(message, source, from),
      (text) => void this.logger.error(text),
    );
    this.readings.add(reading);
    channel.on('close', () => this.readings.delete(reading));
    return reading;
  }

  /** On a channel of its own: the broker closes the channel on a "no", which the other queues must not feel. */
  private async consumeForeign(source: StandingSource): Promise<void> {
    const { connection } = this.unwrap<AmqpConnectionManager>();
    if (!connection) return; // The next connection begins anew.
    const retry = () => {
      const stands = !this.closing && this.unwrap<AmqpConnectionManager>().connection === connection;
      if (stands) void this.consumeForeign(source);
    };
    const again = () => void setTimeout(retry, retryMs).unref();
    try {
      await declareForeign(connection, source.queue);
      const channel = await connection.createChannel();
      channel.on('error', () => undefined); // The rejected promise says the same.
      await this.read(channel).consume(source, this.broker.prefetch, () => {
        this.logger.warn(`Queue ${source.queue} was deleted`);
        channel.close().catch(() => undefined); // Closing reads it again.
      });
      channel.on('close', again);
    } catch (error) {
      this.logger.warn(`Queue ${source.queue} cannot be read now, trying again: ${(error as Error).message}`);
      again();
    }
  }

  /** The broker ended the consumer, e.g. because the queue was deleted. */
  cancelled(queue: string): void {
    this.logger.warn(`Queue ${queue} was deleted; declaring it again`);
    reopen(this.unwrap<AmqpConnectionManager>(), this.isClosing);
  }

  private async handle(message: ConsumeMessage, source: Source, reading: Reading): Promise<Verdict> {
    const incoming = source.read(message);
    if ('unreadable' in incoming) return this.broker.onUnreadable(message, source.queue, incoming.unreadable);
    // Nest's own look-up tries to parse the pattern as JSON, whose exception costs 6 % of a delivery.
    const handler = this.getHandlers().get(incoming.pattern);
    if (!handler) return this.broker.onUnreadable(message, source.queue, `no handler for this pattern`);
    const context = new DeliveryContext(message, reading.channel, incoming.pattern, source.queue, reading);
    const result: unknown = await handler(incoming.data, context);
    return (isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result) as Verdict;
  }
}
