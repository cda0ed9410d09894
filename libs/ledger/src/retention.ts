import { finalStatuses } from '@app/contracts';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from './database';
import type { Ledger } from './ledger';

/** Most rows of one transaction, so that nobody waits long for it. */
const most = 500;

/**
 * Forgets what is older than that moment, in small steps. Each step looks at the oldest rows of an index alone, so that a
 * ledger of any size is not searched through; a message that is not over is never old.
 *
 * @param before Unix time in milliseconds; keys of requests have an end of their own.
 * @throws LedgerAway
 */
export async function forgetOlderThan(ledger: Ledger, before: number): Promise<void> {
  const oldestEvents = sql`select seq, at from events order by seq limit ${most}`;
  const steps: ((db: Db) => Promise<number>)[] = [
    ...finalStatuses.map((status) => (db: Db) => forgetMessages(db, status, before)),
    (db) => forget(db, 'events', sql`seq`, sql`(${oldestEvents}) as oldest where at < ${before}`),
    (db) => forget(db, 'webhook_retries', sql`name, seq`, sql`webhook_retries where seq < ${firstEvent}`),
    (db) => forget(db, 'dead_letters', sql`id`, sql`dead_letters where failed_at < ${before}`),
    (db) => forget(db, 'file_ids', sql`bot, likeness`, sql`file_ids where at < ${before}`),
    (db) => forget(db, 'idempotency_keys', sql`scope, key`, sql`idempotency_keys where expires_at < ${Date.now()}`),
    (db) => forget(db, 'calls', sql`message_id`, sql`calls where expires_at < ${Date.now()}`),
  ];
  for (const step of steps) {
    for (let gone = most; gone === most;) gone = await ledger.write(step);
  }
}

/** The events before it are forgotten; where there are none at all, every one is. */
const firstEvent = sql`coalesce((select min(seq) from events), ${Number.MAX_SAFE_INTEGER})`;

/** Forgets messages of that status, with their calls; how many. Their ids grow with the time of acceptance. */
async function forgetMessages(db: Db, status: string, before: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from (select id, updated_at from messages where status = ${status} order by id limit ${most}) as oldest
    where updated_at < ${before}`.execute(db);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await db.deleteFrom('attempts').where('message_id', 'in', ids).execute();
  await db.deleteFrom('messages').where('id', 'in', ids).execute();
  return ids.length;
}

/** Forgets some rows of a table; how many. */
async function forget(db: Db, table: string, key: RawBuilder<unknown>, where: RawBuilder<unknown>): Promise<number> {
  const old = sql`select ${key} from ${where} limit ${most}`;
  const result = await sql`delete from ${sql.table(table)} where (${key}) in (${old})`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}
