import type { DeadLetter, DeadLetterFilter, DeadLetterQuery, DeadLetterReport, SendMessage } from '@app/contracts';
import type { Insertable, Selectable, SelectQueryBuilder } from 'kysely';
import type { Ledger } from './ledger';
import type { DeadLettersTable, Schema } from './schema';
import { chatOf, chatText, plain } from './text';

/** Puts a letter on record; the same one again changes nothing. @throws LedgerAway */
export async function recordLetter(ledger: Ledger, letter: Insertable<DeadLettersTable>): Promise<void> {
  const { description, body, queue, chat_id } = letter;
  const row = {
    ...letter,
    description: plain(description),
    body: plain(body),
    queue: plain(queue),
    chat_id: plain(chat_id),
  };
  await ledger.write((db) => db.insertInto('dead_letters').values(row).onConflict((one) => one.doNothing()).execute()); // prettier-ignore
}

/** One page of letters, the newest first. @throws LedgerAway */
export function findLetters(ledger: Ledger, query: DeadLetterQuery): Promise<DeadLetter[]> {
  return ledger.read(async (db) => {
    let wanted = matching(db.selectFrom('dead_letters'), query);
    if (query.replayed !== undefined) wanted = wanted.where('replayed_as', query.replayed ? 'is not' : 'is', null);
    const [failedAt, id] = query.before?.split('-') ?? [];
    if (failedAt !== undefined && id !== undefined) {
      const at = Number(failedAt);
      wanted = wanted.where((is) =>
        is.or([is('failed_at', '<', at), is.and([is('failed_at', '=', at), is('id', '<', id)])]),
      );
    }
    const rows = await wanted
      .selectAll()
      .orderBy('failed_at', 'desc')
      .orderBy('id', 'desc')
      .limit(query.limit)
      .execute();
    return rows.map(({ body: _, ...row }) => shown(row));
  });
}

/** One letter with its body. @throws LedgerAway */
export function findLetter(ledger: Ledger, id: string): Promise<DeadLetterReport | undefined> {
  return ledger.read(async (db) => {
    const row = await db.selectFrom('dead_letters').selectAll().where('id', '=', plain(id)).executeTakeFirst();
    return row && { ...shown(row), ...(row.body !== null && { body: row.body }) };
  });
}

/** Ids of letters that match and were not replayed, the oldest first. @throws LedgerAway */
export function lettersToReplay(ledger: Ledger, filter: DeadLetterFilter): Promise<string[]> {
  return ledger.read(async (db) => {
    const wanted = matching(db.selectFrom('dead_letters'), filter).where('replayed_as', 'is', null);
    const rows = await wanted.select('id').orderBy('failed_at').orderBy('id').execute();
    return rows.map(({ id }) => id);
  });
}

/** Notes as what a letter is replayed, or with null that it is not; false where it was replayed before. @throws LedgerAway */
export function markReplayed(ledger: Ledger, id: string, as: string | null): Promise<boolean> {
  return ledger.write(async (db) => {
    let change = db.updateTable('dead_letters').set({ replayed_as: as }).where('id', '=', id);
    if (as !== null) change = change.where('replayed_as', 'is', null);
    return (await change.returning('id').execute()).length > 0;
  });
}

/** The letter of a message, the newest where there are several. @throws LedgerAway */
export async function letterOf(ledger: Ledger, messageId: string): Promise<string | undefined> {
  const row = await ledger.read((db) =>
    db
      .selectFrom('dead_letters')
      .select('id')
      .where('message_id', '=', messageId)
      .orderBy('failed_at', 'desc')
      .executeTakeFirst(),
  );
  return row?.id;
}

/** Whether some message is a replay of that one. @throws LedgerAway */
export async function hasReplay(ledger: Ledger, messageId: string): Promise<boolean> {
  const row = await ledger.read((db) =>
    db.selectFrom('messages').select('id').where('replay_of', '=', messageId).executeTakeFirst(),
  );
  return row !== undefined;
}

/** Deletes letters that match; how many there were. @throws LedgerAway */
export function deleteLetters(ledger: Ledger, filter: DeadLetterFilter & { id?: string }): Promise<number> {
  return ledger.write(async (db) => {
    let wanted = matching(db.selectFrom('dead_letters'), filter);
    if (filter.id !== undefined) wanted = wanted.where('id', '=', plain(filter.id));
    const gone = await db.deleteFrom('dead_letters').where('id', 'in', wanted.select('id')).returning('id').execute();
    return gone.length;
  });
}

/** The command of a message; null where its body is not kept, nothing where it is not known. @throws LedgerAway */
export async function commandOf(ledger: Ledger, id: string): Promise<SendMessage | null | undefined> {
  const row = await ledger.read((db) =>
    db.selectFrom('messages').select('command').where('id', '=', id).executeTakeFirst(),
  );
  return row && (JSON.parse(row.command ?? 'null') as SendMessage | null);
}

type Letters<O> = SelectQueryBuilder<Schema, 'dead_letters', O>;

function matching<O>(letters: Letters<O>, { bot, chat_id, reason, since, until }: DeadLetterFilter): Letters<O> {
  let wanted = letters;
  if (bot !== undefined) wanted = wanted.where('bot', '=', bot);
  if (chat_id !== undefined) wanted = wanted.where('chat_id', '=', chatText(chat_id));
  if (reason !== undefined) wanted = wanted.where('reason', '=', reason);
  if (since !== undefined) wanted = wanted.where('failed_at', '>=', Date.parse(since));
  if (until !== undefined) wanted = wanted.where('failed_at', '<', Date.parse(until));
  return wanted;
}

const shown = (row: Omit<Selectable<DeadLettersTable>, 'body'>): DeadLetter => ({
  id: row.id,
  ...(row.message_id !== null && { message_id: row.message_id }),
  ...(row.bot !== null && { bot: row.bot }),
  ...(row.chat_id !== null && { chat_id: chatOf(row.chat_id) }),
  reason: row.reason,
  ...(row.description !== null && { description: row.description }),
  ...(row.error_code !== null && { error_code: row.error_code }),
  ...{ attempts: row.attempts, queue: row.queue, failed_at: new Date(row.failed_at).toISOString() },
  ...(row.replayed_as !== null && { replayed_as: row.replayed_as }),
});
