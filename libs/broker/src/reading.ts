import { IllegalOperationError, type Channel, type ConsumeMessage, type GetMessage } from 'amqplib';
import { setTimeout as pause } from 'node:timers/promises';
import type { Verdict } from './delivery-context';

/** What the reader of a queue made of a message: the pattern whose handler takes it, or why nobody can. */
export type Incoming = { pattern: string; data: unknown } | { unreadable: string };

export interface Source {
  queue: string;
  /** Must not throw; what cannot be understood is `unreadable`. */
  read: (message: ConsumeMessage) => Incoming;
}

/** Does what a message asks for, and says what the broker is to be told. */
export type Take = (message: ConsumeMessage, source: Source, reading: Reading) => Promise<Verdict>;

/** Longest wait for messages in hand at the end; a pod is usually killed after 30 s. */
const drainMs = 25_000;
/** Pause before a message whose handler threw is handed back: a bug that strikes at once must not go round at full speed. */
const bugPauseMs = 1_000;

/**
 * Reads queues on one channel: manual acknowledgement in one place, and an end that settles what is in hand. What is
 * still unacknowledged when the channel closes goes back to the front of its queue, in order.
 */
export class Reading {
  private readonly tags = new Map<string, string>();
  private inHand = 0;
  private onEmpty: (() => void) | undefined;
  private open = true;

  constructor(
    readonly channel: Channel,
    private readonly take: Take,
    private readonly onError: (message: string) => void,
  ) {
    channel.on('close', () => (this.open = false));
  }

  /** False once it ends or its channel is gone. */
  get isOpen(): boolean {
    return this.open;
  }

  reads(queue: string): boolean {
    return this.open && this.tags.has(queue);
  }

  /** @param onCancelled The broker ended the consumer, e.g. because the queue was deleted. */
  async consume(source: Source, prefetch: number, onCancelled: () => void): Promise<void> {
    await this.channel.prefetch(prefetch); // Of the consumers that follow.
    const { consumerTag } = await this.channel.consume(source.queue, (message) => {
      if (message) return void this.settle(message, source);
      this.tags.delete(source.queue);
      onCancelled();
    });
    this.tags.set(source.queue, consumerTag);
  }

  /** Takes the oldest message of a queue, if there is one, and deals with it. @returns what became of it; undefined: none */
  async pull(source: Source): Promise<Verdict | 'failed' | undefined> {
    const message = await this.channel.get(source.queue);
    if (!message) return undefined;
    // A message that was asked for has no consumer; nobody looks at that.
    return this.settle({ ...message, fields: { ...message.fields, consumerTag: '' } }, source);
  }

  /** Looks at the oldest message of a queue and leaves it there. */
  async peek(queue: string): Promise<GetMessage | undefined> {
    const message = await this.channel.get(queue);
    if (!message) return undefined;
    this.channel.nack(message, false, true);
    return message;
  }

  /** Takes no further message; from now on nothing is begun with those in hand. */
  async cancel(): Promise<void> {
    this.open = false;
    await Promise.all([...this.tags.values()].map((tag) => this.channel.cancel(tag).catch(() => undefined)));
  }

  /** Waits until every message in hand is settled, or handed back by the end of the channel. */
  async drained(): Promise<void> {
    if (this.inHand === 0) return;
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      setTimeout(resolve, drainMs).unref();
    });
  }

  /** One place turns what a handler did into what the broker is told. */
  private async settle(message: ConsumeMessage, source: Source): Promise<Verdict | 'failed'> {
    this.inHand++;
    const verdict = await this.take(message, source, this).catch(async (error: unknown) => {
      this.onError(`A message of ${source.queue} is handed back, since its handler threw: ${describe(error)}`);
      await pause(bugPauseMs);
      return 'failed' as const;
    });
    this.tell(message, verdict);
    this.inHand--;
    if (this.inHand === 0) this.onEmpty?.();
    return verdict;
  }

  /** At the end what is left goes back together, with the channel: one by one the messages could change places. */
  private tell(message: ConsumeMessage, verdict: Verdict | 'failed'): void {
    try {
      // On RabbitMQ 4.3 `reject` counts towards the delivery limit and `nack` does not.
      if (verdict === 'failed') this.channel.reject(message, true);
      else if (verdict !== 'leave') this.channel.ack(message);
      else if (this.open) this.channel.nack(message, false, true);
    } catch (error) {
      // The channel is gone, and the broker hands the message out again by itself.
      if (!(error instanceof IllegalOperationError)) throw error;
    }
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
