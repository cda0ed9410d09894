import type { Reading, Source } from '@app/broker';
import { setTimeout as pause } from 'node:timers/promises';
import type { Parcel } from '../parcel';

/** Looks again so often whether a chat that nobody knows the end of its wait of may go, in milliseconds. */
const longestPauseMs = 60_000;
const haltedPauseMs = 500;
/** Pause after a message came back though its chat is open, in milliseconds. */
const returnedPauseMs = 250;

/** What a room needs of the world around it. */
export interface Surroundings {
  reading: Reading;
  /** Puts the messages at the end of the queue, in this order; false where the broker has not taken them for a while. */
  keep: (queue: string, parcels: readonly Parcel[]) => Promise<boolean>;
  /** For how many milliseconds no message of the chat should be asked for; Infinity: nobody knows. */
  closedForMs: () => number;
}

/**
 * The queue of one chat and class that must wait: everything of it that is not finished stands here in order, so that its
 * chat waits in nobody's memory. One message at a time is taken out when it can go, and put back in front if it cannot.
 */
export class Room {
  /** The message that was under way when the room was opened, and so stands first. */
  first?: { delivery: Parcel['delivery']; kept: Promise<boolean> };
  private pending: { parcel: Parcel; done: (kept: boolean) => void }[] = [];
  private isKeeping = false;
  private puts = 0;

  constructor(
    readonly source: Source,
    private readonly around: Surroundings,
    /** Resolves once the queue can be published to. */
    private readonly made: Promise<unknown>,
  ) {}

  /** Puts a message at the end; resolves once the broker has it, false where the reading ended before. */
  put(parcel: Parcel): Promise<boolean> {
    this.puts++;
    const kept = new Promise<boolean>((done) => this.pending.push({ parcel, done }));
    if (!this.isKeeping) void this.keepAll();
    return kept;
  }

  /**
   * Takes one message after the other out, as its chat allows, until the room is empty or the reading ends.
   * @param onEmpty Called at that moment: what comes after it does not come into this room.
   */
  async serve(onEmpty: () => void): Promise<void> {
    await this.made;
    while (this.around.reading.isOpen) {
      const closedForMs = this.around.closedForMs();
      if (closedForMs > 0) {
        await this.rest(closedForMs === Infinity ? haltedPauseMs : Math.min(closedForMs, longestPauseMs));
        continue;
      }
      // Only what was confirmed before it was asked for must be found: the "no" can be heard after a confirm that came later.
      const puts = this.isKeeping ? undefined : this.puts;
      const verdict = await this.around.reading.pull(this.source).catch(() => 'gone' as const);
      if (verdict === undefined && puts === this.puts) return onEmpty();
      if (verdict === 'leave' || verdict === undefined) await this.rest(returnedPauseMs);
    }
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { ref: false });
  }

  /** Publishes in batches, one after the other, each until it is taken: handed back, it would be passed by those behind it. */
  private async keepAll(): Promise<void> {
    this.isKeeping = true;
    await this.made;
    while (this.pending.length > 0) {
      const batch = this.pending.splice(0);
      let kept = false;
      while (!kept && this.around.reading.isOpen)
        kept = await this.around.keep(this.source.queue, batch.map(({ parcel }) => parcel)); // prettier-ignore
      for (const { done } of batch) done(kept);
    }
    this.isKeeping = false;
  }
}
