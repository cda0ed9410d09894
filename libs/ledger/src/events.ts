import type { MessageEvent, MessageStatus } from '@app/contracts';
import type { Db } from './database';
import type { Ledger } from './ledger';

/** An event and its place in the order of all. */
export interface StoredEvent {
  seq: number;
  status: MessageStatus;
  message_id: string;
  /** The event as JSON. */
  data: string;
}

/** Adds events within a write, so that they are there exactly when what they tell of is. */
export async function addEvents(db: Db, events: readonly MessageEvent[]): Promise<void> {
  const rows = events.map((event) => ({
    at: Date.parse(event.at),
    message_id: event.id,
    status: event.status,
    bot: event.bot,
    chat_id: event.chat_id === undefined ? null : String(event.chat_id),
    data: JSON.stringify(event),
  }));
  if (rows.length > 0) await db.insertInto('events').values(rows).execute();
}

/** The events after that one, oldest first. @throws LedgerAway */
export function eventsAfter(
  ledger: Ledger,
  seq: number,
  {
    limit,
    statuses,
    chat_id,
    bot,
  }: { limit: number; statuses?: readonly MessageStatus[]; chat_id?: string; bot?: string },
): Promise<StoredEvent[]> {
  return ledger.read((db) => {
    let query = db.selectFrom('events').select(['seq', 'status', 'message_id', 'data']).where('seq', '>', seq);
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
