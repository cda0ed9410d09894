import { forgetOlderThan, Ledger } from '@app/ledger';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../producer.settings';
import { Shift } from './shift';

/** How often it is looked for what is too old, in milliseconds: an hour. */
const everyMs = 3_600_000;

/** Keeps the ledger from growing for ever. */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly shift: Shift;

  constructor(ledger: Ledger, @Inject(PRODUCER_SETTINGS) { ledgerRetention }: ProducerSettings) {
    this.shift = new Shift(ledger, 'retention', everyMs, () => forgetOlderThan(ledger, Date.now() - ledgerRetention));
  }

  onApplicationBootstrap(): void {
    this.shift.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.shift.stop();
  }
}
