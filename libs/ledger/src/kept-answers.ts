import type { CallAnswer } from '@app/contracts';
import { sql } from 'kysely';
import type { Db } from './database';
import { keyLifeMs } from './idempotency';
import type { Ledger } from './ledger';

/**
 * Keeps the answers of messages that came through the door, within a write, for a day.
 *
 * @returns For each the producer that has a client waiting for it, if any.
 */
export async function keepAnswers(
  ledger: Ledger,
  db: Db,
  all: readonly { command: { id: string }; answer?: CallAnswer }[],
): Promise<(string | undefined)[]> {
  const kept = all.flatMap(({ command: { id }, answer }) => (answer ? [{ id, answer: JSON.stringify(answer) }] : [])); // prettier-ignore
  if (kept.length === 0) return all.map(() => undefined);
  await sql`
    update calls set answer = told.answer, expires_at = ${Date.now() + keyLifeMs}
    from (select value->>'id' as id, value->>'answer' as answer from ${ledger.rows(kept)}) as told
    where calls.message_id = told.id`.execute(db);
  const { rows } = await sql<{ message_id: string; waiter: string | null }>`
    select message_id, waiter from calls
    where message_id in (select value->>'id' from ${ledger.rows(kept)})`.execute(db);
  const waiters = new Map(rows.map(({ message_id, waiter }) => [message_id, waiter ?? undefined]));
  return all.map(({ command: { id } }) => waiters.get(id));
}

/** The answer of a message that came through the door and has not been handed out, and who waits for it. @throws LedgerAway */
export async function findCall(
  ledger: Ledger,
  id: string,
): Promise<{ waiter?: string; answer?: CallAnswer } | undefined> {
  const row = await ledger.read((db) =>
    db.selectFrom('calls').select(['waiter', 'answer']).where('message_id', '=', id).executeTakeFirst(),
  );
  if (!row) return undefined;
  return {
    waiter: row.waiter ?? undefined,
    ...(row.answer !== null && { answer: JSON.parse(row.answer) as CallAnswer }),
  };
}
