import type { EventQuery } from '@app/contracts';
import { eventsAfter, lastSeq, Ledger, LedgerAway, type StoredEvent } from '@app/ledger';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Time between two looks into the ledger while somebody listens, in milliseconds. */
const lookMs = 150;
/** Most events that one listener is given at a look. */
const most = 500;

/** Somebody who listens to events. */
export interface Listener {
  /** The last event that it has, or has no use for. */
  seq: number;
  wants: Pick<EventQuery, 'status' | 'chat_id' | 'bot'>;
  hear: (events: StoredEvent[]) => void;
  /** The process stops. */
  end: () => void;
}

/** Reads the ledger for all listeners of this process, and only while there are any. */
@Injectable()
export class EventFeed implements BeforeApplicationShutdown {
  private readonly listeners = new Set<Listener>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly ledger: Ledger) {}

  add(listener: Listener): void {
    this.listeners.add(listener);
    this.timer ??= setTimeout(() => void this.look(), 0);
  }

  remove(listener: Listener): void {
    this.listeners.delete(listener);
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.timer);
    for (const { end } of this.listeners) end();
  }

  private async look(): Promise<void> {
    try {
      const last = await lastSeq(this.ledger);
      for (const listener of this.listeners) if (listener.seq < last) await this.tell(listener, last);
    } catch (error) {
      if (!(error instanceof LedgerAway)) throw error; // They hear of it all once it is back.
    } finally {
      this.timer = this.listeners.size > 0 ? setTimeout(() => void this.look(), lookMs) : undefined;
    }
  }

  private async tell(listener: Listener, upTo: number): Promise<void> {
    const { status, chat_id, bot } = listener.wants;
    const chat = chat_id === undefined ? undefined : String(chat_id);
    const wants = { statuses: status && [status], chat_id: chat, bot };
    const events = await eventsAfter(this.ledger, listener.seq, { limit: most, upTo, ...wants });
    if (events.length > 0) listener.hear(events);
    listener.seq = events.length === most ? (events.at(-1) as StoredEvent).seq : upTo;
  }
}
