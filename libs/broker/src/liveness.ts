import type { LoggerService } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import type { AmqpConnectionManager } from 'amqp-connection-manager';
import type { Socket } from 'node:net';
import type { Confirms } from './confirms';

/**
 * An answer of the broker younger than this counts as a sign of life, so that a busy channel never probes. What is handed
 * to a broker within that time after it froze may still arrive later, so it is short.
 */
const freshMs = 20;
/** A probe that has been out for longer than this makes further publishes fail at once instead of queueing up. */
const stalledMs = 1_000;
/** How often publishes without a confirm are looked for. */
const watchMs = 250;

/**
 * Whether the broker on the other end of one channel takes messages now. A message must not be handed to a broker that
 * is frozen, cut off or under an alarm: it would be told to have failed, and be delivered all the same once the broker
 * goes on. So the broker must have shown life first.
 */
export class Liveness {
  private probe: { since: number; answer: Promise<boolean> } | undefined;
  private blocked = false;
  private open = true;
  private readonly watchdog: NodeJS.Timeout;

  constructor(
    private readonly confirms: Confirms,
    private readonly connections: AmqpConnectionManager,
    private readonly channel: ConfirmChannel,
    private readonly logger: LoggerService,
    timeoutMs: number,
  ) {
    connections.on('blocked', this.block);
    connections.on('unblocked', this.unblock);
    // One timer for all publishes: one for each would cost a busy producer more than the publish itself.
    this.watchdog = setInterval(() => confirms.longestWaitMs > timeoutMs && this.cut(), watchMs).unref();
  }

  get available(): boolean {
    return this.open && !this.blocked && !(this.probe && performance.now() - this.probe.since > stalledMs);
  }

  /** True while the broker has shown life only just now, and nothing speaks against it. */
  get fresh(): boolean {
    return this.available && performance.now() - this.confirms.lastAnswer < freshMs;
  }

  /** Asks for a sign of life: true once the broker has shown that it takes messages now, false when it does not in time. */
  async shows(timeoutMs: number): Promise<boolean> {
    if (!this.available) return false;
    this.probe ??= this.startProbe();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, timeoutMs, false)));
    const alive = await Promise.race([this.probe.answer, late]);
    clearTimeout(timer);
    return alive && this.available;
  }

  /** Ends the connection with a TCP reset, which throws away what the kernel has not sent yet. */
  private cut(): void {
    this.logger.error?.(
      'The broker did not confirm in time: cutting the connection, so that what it has not received never arrives',
    );
    const { stream } = this.channel.connection as unknown as { stream: Socket };
    stream.resetAndDestroy();
    stream.emit('error', new Error('cut after a missing confirm')); // amqplib listens for this, not for `close`.
  }

  /** The channel is gone. */
  closed(): void {
    this.open = false;
    clearInterval(this.watchdog);
    this.connections.off('blocked', this.block);
    this.connections.off('unblocked', this.unblock);
  }

  private startProbe(): NonNullable<typeof this.probe> {
    const answer = this.confirms.probe('telegramq.probe').finally(() => (this.probe = undefined));
    return { since: performance.now(), answer };
  }

  private readonly block = () => (this.blocked = true);
  private readonly unblock = () => (this.blocked = false);
}
