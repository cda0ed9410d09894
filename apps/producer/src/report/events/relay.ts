import { cursorOf, eventsAfter, Ledger, moveCursor } from '@app/ledger';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Enqueue } from '../../enqueue/enqueue';
import { Shift } from '../shift';

/** Name of its lease and of its cursor. */
const relay = 'relay';
/** Time between two looks into the ledger, in milliseconds: how late an event may be. */
const lookMs = 100;
/**
 * Most events of one look: 5,000 a second, more than any number of bots may send, so that a burst of messages is taken in
 * first and told of after.
 */
const most = 500;

/**
 * Publishes the events that stand in the ledger, in their order, by one producer at a time. What is published is told
 * once more only after a crash between the broker's confirm and the move of the cursor; `message_id` is the same then.
 */
@Injectable()
export class EventRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly shift: Shift;

  constructor(
    private readonly ledger: Ledger,
    private readonly enqueue: Enqueue,
  ) {
    this.shift = new Shift(ledger, relay, lookMs, () => this.publish());
  }

  onApplicationBootstrap(): void {
    this.shift.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.shift.stop();
  }

  /** Publishes some events; the next ones have time until the next look. */
  private async publish(): Promise<void> {
    if (!this.enqueue.ready) return;
    const events = await eventsAfter(this.ledger, await cursorOf(this.ledger, relay), { limit: most });
    const last = events.at(-1);
    if (last && (await this.enqueue.announce(events))) await moveCursor(this.ledger, relay, last.seq);
  }
}
