import { LedgerAway, takeLease, type Ledger } from '@app/ledger';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a producer that dies keeps the others from its work, in milliseconds. */
const leaseMs = 5_000;

/** Work on the ledger that one producer at a time does, over and over. */
export class Shift {
  private readonly holder = randomUUID();
  private readonly stopping = new AbortController();
  private readonly logger: Logger;
  private leaseUntil = 0;
  private running: Promise<void> | undefined;

  /**
   * @param name Of the work, the same in every producer.
   * @param everyMs Time between two steps, in milliseconds.
   * @param step Does some of it.
   */
  constructor(
    private readonly ledger: Ledger,
    private readonly name: string,
    private readonly everyMs: number,
    private readonly step: () => Promise<void>,
  ) {
    this.logger = new Logger(name);
  }

  start(): void {
    this.running = this.run();
  }

  /** Ends after the step under way; another producer may go on at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    if (this.leaseUntil > 0) await takeLease(this.ledger, this.name, this.holder, 0).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.turn().catch((error: unknown) => {
        if (!(error instanceof LedgerAway)) this.logger.error(error);
      });
      await pause(this.everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async turn(): Promise<void> {
    if (this.ledger.available && (await this.isOurs())) await this.step();
  }

  /** Renews at half time, so that a busy moment does not lose the lease. */
  private async isOurs(): Promise<boolean> {
    const now = performance.now();
    if (now < this.leaseUntil - leaseMs / 2) return true;
    if (!(await takeLease(this.ledger, this.name, this.holder, leaseMs))) return false;
    this.leaseUntil = now + leaseMs;
    return true;
  }
}
