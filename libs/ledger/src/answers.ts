import { isFinal, type CallAnswer, type MessageStatus, type SendMessage } from '@app/contracts';
import { sql, type Selectable } from 'kysely';
import { releaseBlobs } from './blobs';
import { noteChats } from './chat-facts';
import { noteTargets, type Target } from './edits';
import { addEvents } from './events';
import { keepAnswers } from './kept-answers';
import type { Ledger } from './ledger';
import { eventOf } from './message-row';
import type { AttemptsTable } from './schema';
import { chatText, plain } from './text';
import { noteHolds, type Hold } from './waits';

/** One call to Telegram and what it led to. */
export interface Answered {
  command: SendMessage;
  attempt: Omit<Selectable<AttemptsTable>, 'message_id'>;
  /** Where the message stands now. */
  status: MessageStatus;
  /** Telegram's ids of everything that it has made so far. */
  messageIds?: readonly number[];
  /** Parts that are done. */
  parts: number;
  /** Of an edit: what it has made of its message. */
  target?: Target;
  /** The supergroup that the chat became. */
  migratedTo?: string;
  /** Calls so far that counted as attempts. */
  tries?: number;
  /** What had to be changed for Telegram to take it. */
  degradations?: readonly string[];
  /** Who must wait, and until when. */
  holds?: readonly Hold[];
  /** What a client of the Bot API door is to get. */
  answer?: CallAnswer;
}

/**
 * Writes answers with everything that follows from them, all or nothing.
 *
 * @returns For each the producer that has a client waiting for it, if any.
 * @throws LedgerAway
 */
export function writeAnswers(ledger: Ledger, all: Answered[]): Promise<(string | undefined)[]> {
  const now = Date.now();
  const rows = all.map(
    ({ command: { id, bot, chat_id }, attempt, status, messageIds, migratedTo, tries, degradations, parts }) => ({
      ...{ ...attempt, description: plain(attempt.description) },
      ...{ id, bot, chat_id: chatText(chat_id), status, migratedTo, parts },
      message_ids: messageIds && messageIds.length > 0 ? JSON.stringify(messageIds) : undefined,
      tries: tries ?? 0,
      degradations: degradations && JSON.stringify(degradations),
    }),
  );
  return ledger.write(async (db) => {
    await sql`
        insert into attempts (message_id, at, duration_ms, outcome, reason, error_code, description, retry_after)
        select value->>'id', cast(value->>'at' as bigint), cast(value->>'duration_ms' as integer), value->>'outcome',
          value->>'reason', cast(value->>'error_code' as integer), value->>'description',
          cast(value->>'retry_after' as integer)
        from ${ledger.rows(rows)} where true on conflict do nothing`.execute(db);
    await sql`
        update messages set status = told.status, reason = told.reason, sending_since = null, updated_at = ${now},
          message_ids = coalesce(told.message_ids, messages.message_ids), tries = told.tries, parts_done = told.parts,
          degradations = coalesce(told.degradations, messages.degradations)
        from (select value->>'id' as id, value->>'status' as status, value->>'reason' as reason,
          value->>'message_ids' as message_ids, cast(value->>'tries' as integer) as tries,
          cast(value->>'parts' as integer) as parts,
          value->>'degradations' as degradations from ${ledger.rows(rows)}) as told
        where messages.id = told.id`.execute(db);
    await noteChats(ledger, db, rows, now);
    await noteHolds(ledger, db, all);
    const over = all.filter(({ command, status }) => command.files && isFinal(status));
    await releaseBlobs(ledger, db, over.map(({ command }) => command)); // prettier-ignore
    await noteTargets(db, all);
    // Between its parts nothing has happened to a message that anybody waits for.
    const told = all.filter(({ status }) => status !== 'sending');
    await addEvents(ledger, db, told.map(({ command, status, attempt, messageIds }) => eventOf(command, status, now, { ...attempt, messageIds }))); // prettier-ignore
    return keepAnswers(ledger, db, all);
  });
}
