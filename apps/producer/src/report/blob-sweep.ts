import { BLOBS, BlobsAway, type Blobs } from '@app/blobs';
import { blobsToRemove, forgetBlobs, Ledger, releaseUnsent } from '@app/ledger';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Shift } from './shift';

/** How often it is looked for files whose messages are over, in milliseconds. */
const everyMs = 1_000;
/** How often it is looked for those whose messages a crash kept from the broker, in milliseconds: they are a day old then. */
const unsentEveryMs = 3_600_000;

/** Removes files that no message needs any more. */
@Injectable()
export class BlobSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BlobSweep.name);
  private readonly shift: Shift;
  private lookedAt = -Infinity;

  constructor(
    private readonly ledger: Ledger,
    @Inject(BLOBS) private readonly blobs: Blobs,
  ) {
    this.shift = new Shift(ledger, 'blobs', everyMs, () => this.sweep());
  }

  onApplicationBootstrap(): void {
    this.shift.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.shift.stop();
  }

  private async sweep(): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt >= unsentEveryMs) {
      await releaseUnsent(this.ledger);
      this.lookedAt = now;
    }
    const blobs = await blobsToRemove(this.ledger);
    if (blobs.length === 0) return;
    try {
      for (const blob of blobs) await this.blobs.remove(blob);
      await forgetBlobs(this.ledger, blobs);
    } catch (error) {
      if (!(error instanceof BlobsAway)) throw error;
      this.logger.warn({ msg: 'files not removed', code: error.code });
    }
  }
}
