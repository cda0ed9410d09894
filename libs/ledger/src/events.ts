import type { MessageEvent, MessageStatus } from '@app/contracts';
import { sql } from 'kysely';
import type { Db } from './database';
import type { Ledger } from './ledger';
import { chatText } from './text';

/** An event and its place in the order of all. */
export interface StoredEvent {
  seq: number;
  status: MessageStatus;
  message_id: string;
  /** The event as JSON. */
  data: string;
}

/** Adds events within a write, so that they are there exactly when what they tell of is. */
export async function addEvents(ledger: Ledger, db: Db, events: readonly MessageEvent[]): Promise<void> {
  const rows = events.map((event) => [
    Date.parse(event.at),
    event.id,
    event.status,
    event.bot,
    chatText(event.chat_id),
    JSON.stringify(event),
  ]);
  await sql`
    insert into events (at, message_id, status, bot, chat_id, data)
    select cast(value->>0 as bigint), value->>1, value->>2, value->>3, value->>4, value->>5
    from ${ledger.rows(rows)}`.execute(db);
}

/** Which events a reader wants, and how many at most. */
export interface Wanted {
  limit: number;
  /** None after that one. */
  upTo?: number;
  statuses?: readonly MessageStatus[];
  chat_id?: string;
  bot?: string;
}

/** The events after that one, oldest first. @throws LedgerAway */
export function eventsAfter(ledger: Ledger, seq: number, wanted: Wanted): Promise<StoredEvent[]> {
  const { limit, upTo, statuses, chat_id, bot } = wanted;
  return ledger.read((db) => {
    let query = db.selectFrom('events').select(['seq', 'status', 'message_id', 'data']).where('seq', '>', seq);
    if (upTo !== undefined) query = query.where('seq', '<=', upTo);
    if (statuses?.length) query = query.where('status', 'in', statuses);
    if (chat_id !== undefined) query = query.where('chat_id', '=', chat_id);
    if (bot !== undefined) query = query.where('bot', '=', bot);
    return query.orderBy('seq').limit(limit).execute();
  });
}

/** The number of the newest event; 0 where there is none. @throws LedgerAway */
export async function lastSeq(ledger: Ledger): Promise<number> {
  const row = await ledger.read((db) => db.selectFrom('events').select((e) => e.fn.max('seq').as('seq')).executeTakeFirst()); // prettier-ignore
  return row?.seq ?? 0;
}

/** How far a reader has come; 0 for one that has not begun. @throws LedgerAway */
export async function cursorOf(ledger: Ledger, reader: string): Promise<number> {
  const row = await ledger.read((db) =>
    db.selectFrom('cursors').select('seq').where('name', '=', reader).executeTakeFirst(),
  );
  return row?.seq ?? 0;
}

/** @throws LedgerAway */
export async function moveCursor(ledger: Ledger, reader: string, seq: number): Promise<void> {
  await ledger.write((db) =>
    db
      .insertInto('cursors')
      .values({ name: reader, seq })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ seq }))
      .execute(),
  );
}
