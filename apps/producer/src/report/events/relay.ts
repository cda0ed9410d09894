import { cursorOf, eventsAfter, Ledger, LedgerAway, moveCursor, takeLease } from '@app/ledger';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Enqueue } from '../../enqueue/enqueue';

/** Name of its lease and of its cursor. */
const relay = 'relay';
/** Time between two looks into the ledger, in milliseconds: how late an event may be. */
const lookMs = 100;
/** How long a producer that dies keeps the others from relaying, in milliseconds. */
const leaseMs = 5_000;
/** Most events that are published before the cursor moves. */
const most = 200;

/**
 * Publishes the events that stand in the ledger, in their order, by one producer at a time. What is published is told
 * once more only after a crash between the broker's confirm and the move of the cursor; `message_id` is the same then.
 */
@Injectable()
export class EventRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventRelay.name);
  private readonly holder = randomUUID();
  private readonly stopping = new AbortController();
  private leaseUntil = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly enqueue: Enqueue,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    // Somebody else may go on at once.
    if (this.leaseUntil > 0) await takeLease(this.ledger, relay, this.holder, 0).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const isMore = await this.step().catch((error: unknown) => {
        if (!(error instanceof LedgerAway)) this.logger.error(error);
        return false;
      });
      if (!isMore) await pause(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Publishes some events; whether there may be more. */
  private async step(): Promise<boolean> {
    if (!this.enqueue.ready || !this.ledger.available || !(await this.isOurs())) return false;
    const events = await eventsAfter(this.ledger, await cursorOf(this.ledger, relay), { limit: most });
    const last = events.at(-1);
    if (!last || !(await this.enqueue.announce(events))) return false;
    await moveCursor(this.ledger, relay, last.seq);
    return events.length === most;
  }

  /** Renews at half time, so that a busy moment does not lose the lease. */
  private async isOurs(): Promise<boolean> {
    const now = performance.now();
    if (now < this.leaseUntil - leaseMs / 2) return true;
    if (!(await takeLease(this.ledger, relay, this.holder, leaseMs))) return false;
    this.leaseUntil = now + leaseMs;
    return true;
  }
}
