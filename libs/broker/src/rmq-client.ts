import type { Topology } from '@app/contracts';
import { ClientRMQ } from '@nestjs/microservices';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { AmqpConnectionManager, ChannelWrapper } from 'amqp-connection-manager';
import { setTimeout as pause } from 'node:timers/promises';
import { Confirms } from './confirms';
import { connectionOptions } from './connection';
import { declare, declareToPublish } from './declare';
import { gatherWrites } from './gather-writes';
import { Liveness } from './liveness';
import { stands } from './own-channel';
import { together, type Publication, type Published } from './publication';
import { reopen, watchOpening } from './reopen';

export interface RmqClientOptions {
  urls: string[];
  topology: Topology;
}

/** Longest waits for a sign of life and for a confirm; together they let an HTTP answer leave within 5 s. */
const aliveTimeoutMs = 1_500;
const confirmTimeoutMs = 3_000;

/** Pause between two tries of {@link RmqClient.insist}, and how long it goes on trying. */
const insistPauseMs = 1_000;
const insistForMs = 60_000;

/**
 * Nest's RMQ client with the guarantees that the transport lacks: a publish resolves only after the broker's confirm,
 * an unroutable or refused one is told, nothing is kept in memory to be sent after the caller has given up, and a
 * broker that does not answer is found out before the message is handed to it.
 */
export class RmqClient extends ClientRMQ {
  /** The channel that publishes now, if any. */
  private link: { channel: ConfirmChannel; confirms: Confirms; liveness: Liveness } | undefined;
  private readonly closing = new AbortController();
  private readonly isClosing = () => this.closing.signal.aborted;

  constructor(private readonly broker: RmqClientOptions) {
    super({ urls: broker.urls, noAssert: true, persistent: true, socketOptions: connectionOptions });
  }

  /** True while a publish has a chance: connected, topology declared, and the broker takes messages. */
  get available(): boolean {
    return this.link?.liveness.available ?? false;
  }

  /** Starts to connect and goes on trying; does not wait for the broker. */
  start(): void {
    this.connect().catch(() => undefined); // Nest's promise only tells of the first attempt.
  }

  /** Publishes the messages at once and says what became of all of them together; see {@link Published}. */
  async publishConfirmed(publications: readonly Publication[]): Promise<Published> {
    const { link } = this;
    if (!link || !(link.liveness.fresh || (await link.liveness.shows(aliveTimeoutMs)))) return 'unavailable';
    const { channel, confirms } = link;
    const published = together(await Promise.all(publications.map((publication) => confirms.publish(publication))));
    // Somebody deleted the queue or its binding: the next message shall find them. A failure closes the channel.
    if (published === 'unroutable') await declare(channel, this.broker.topology).catch(() => undefined);
    return published;
  }

  /**
   * Publishes until the broker has confirmed. False when it has not for about a minute, or when the client closes: the
   * message that this is about must then go back to the broker.
   */
  async insist(publications: readonly Publication[]): Promise<boolean> {
    for (const start = performance.now(); performance.now() - start < insistForMs && !this.closing.signal.aborted;) {
      if ((await this.publishConfirmed(publications)) === 'confirmed') return true;
      // Rejects when the client closes, and the loop ends.
      await pause(insistPauseMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    return false;
  }

  /**
   * Makes a queue beside the topology, so that what is published to it then outlives a kill -9 of the broker. False where
   * the broker cannot be reached now.
   */
  async make(queue: string, queueArguments: Record<string, unknown>): Promise<boolean> {
    const { link } = this;
    if (!link) return false;
    const one = { name: queue, arguments: queueArguments, about: '' };
    const connection = this.unwrap<AmqpConnectionManager>().connection as ChannelModel;
    const topology = { exchanges: [], queues: [one], bindings: [], routes: [] };
    return declareToPublish(connection, link.channel, topology).then(
      () => true,
      () => false, // The channel is gone, and a new one is on its way.
    );
  }

  /** Whether a queue stands; undefined where the broker cannot be asked now. */
  async stands(queue: string): Promise<boolean | undefined> {
    if (!this.link) return undefined;
    const connection = this.unwrap<AmqpConnectionManager>().connection as ChannelModel;
    return stands(connection, queue).catch(() => undefined);
  }

  override async close(): Promise<void> {
    this.closing.abort();
    await super.close();
  }

  override createChannel(): Promise<void> {
    const made = super.createChannel();
    watchOpening(this.channel as ChannelWrapper, this.unwrap<AmqpConnectionManager>(), this.logger, this.isClosing);
    return made;
  }

  /** Runs on every new channel, so that queues deleted meanwhile stand again. */
  override async setupChannel(channel: ConfirmChannel, resolve: () => void): Promise<void> {
    channel.on('error', (error: Error) => this.logger.error(`Channel failed: ${error.message}`));
    gatherWrites(channel);
    const connections = this.unwrap<AmqpConnectionManager>();
    await declareToPublish(connections.connection as ChannelModel, channel, this.broker.topology);
    const confirms = new Confirms(channel);
    const liveness = new Liveness(confirms, connections, channel, this.logger, confirmTimeoutMs);
    channel.on('close', () => {
      if (this.link?.channel === channel) this.link = undefined;
      liveness.closed();
      reopen(connections, this.isClosing);
    });
    this.link = { channel, confirms, liveness };
    resolve();
  }
}
