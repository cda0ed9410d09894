import { forgetOlderThan, Ledger, LedgerAway, takeLease } from '@app/ledger';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../producer.settings';

/** How often it is looked for what is too old, in milliseconds: an hour. */
const everyMs = 3_600_000;

/** Keeps the ledger from growing for ever; one producer at a time does it. */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly holder = randomUUID();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: Ledger,
    @Inject(PRODUCER_SETTINGS) private readonly settings: ProducerSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), everyMs).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async run(): Promise<void> {
    try {
      const isOurs = await takeLease(this.ledger, 'retention', this.holder, everyMs / 2);
      if (isOurs) await forgetOlderThan(this.ledger, Date.now() - this.settings.ledgerRetention);
    } catch (error) {
      if (!(error instanceof LedgerAway)) this.logger.error(error);
    }
  }
}
