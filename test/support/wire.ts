import { connect, type Channel, type ChannelModel, type ConsumeMessage, type Options } from 'amqplib';

/** Raw AMQP against one broker, which may go away and come back meanwhile. */
export class Wire {
  private connection: Promise<ChannelModel> | undefined;

  constructor(readonly url: string) {}

  /**
   * Publishes with any properties. Resolves once the broker has it.
   *
   * @param body Bytes or a text as they are; anything else as JSON.
   * @throws When no queue is bound for it.
   */
  publish(exchange: string, routingKey: string, body: unknown, options: Options.Publish = {}): Promise<void> {
    return this.publishAll(exchange, routingKey, [[body, options]]);
  }

  /** As {@link publish}, for many at once. */
  async publishAll(
    exchange: string,
    routingKey: string,
    messages: readonly (readonly [body: unknown, options: Options.Publish])[],
  ): Promise<void> {
    const channel = await (await this.connected()).createConfirmChannel();
    let returned = 0;
    channel.on('return', () => (returned += 1));
    for (const [body, options] of messages) {
      channel.publish(exchange, routingKey, bytesOf(body), { mandatory: true, ...options });
    }
    await channel.waitForConfirms();
    await channel.close();
    if (returned > 0) throw new Error(`no queue takes ${routingKey} of the exchange ${exchange}`);
  }

  /** Takes everything off a queue that is ready, at most so many, the oldest first; nobody else may read it. */
  takeAll(queue: string, most = Infinity): Promise<ConsumeMessage[]> {
    return this.onChannel(async (channel) => {
      const { messageCount } = await channel.checkQueue(queue);
      const wanted = Math.min(messageCount, most);
      if (wanted === 0) return [];
      await channel.prefetch(wanted);
      const taken: ConsumeMessage[] = [];
      // Not basic.get, which a quorum queue with a single active consumer refuses.
      await new Promise<void>((resolve, reject) => {
        const take = (message: ConsumeMessage | null) => {
          if (!message) return reject(new Error(`${queue} was deleted meanwhile`));
          taken.push(message);
          if (taken.length === wanted) resolve();
        };
        channel.consume(queue, take).catch(reject);
      });
      channel.ackAll();
      return taken;
    });
  }

  /** Takes the oldest message off a queue; nothing when there is none. */
  async take(queue: string): Promise<ConsumeMessage | undefined> {
    return (await this.takeAll(queue, 1))[0];
  }

  /** Messages that are ready; those in somebody's hand do not count. */
  count(queue: string): Promise<number> {
    return this.onChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
  }

  /** Who reads the queue now. */
  consumers(queue: string): Promise<number> {
    return this.onChannel(async (channel) => (await channel.checkQueue(queue)).consumerCount);
  }

  /** Anything else that amqplib can do, on a channel of its own. */
  async onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await (await this.connected()).createChannel();
    channel.on('error', () => undefined); // The rejected promise says the same.
    const result = await work(channel);
    await channel.close();
    return result;
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined);
    await connection?.close().catch(() => undefined); // A broker that is gone has closed it already.
  }

  private connected(): Promise<ChannelModel> {
    this.connection ??= connect(this.url).then(
      (connection) => {
        connection.on('error', () => undefined);
        connection.on('close', () => (this.connection = undefined));
        return connection;
      },
      (error: unknown) => {
        this.connection = undefined;
        throw error;
      },
    );
    return this.connection;
  }
}

const bytesOf = (body: unknown): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
