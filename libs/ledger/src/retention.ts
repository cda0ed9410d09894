import { sql, type RawBuilder } from 'kysely';
import type { Ledger } from './ledger';

/** Most rows of one transaction, so that nobody waits long for it. */
const most = 500;

/** A message that is not over is never old. */
const over = sql`status in ('sent', 'failed', 'expired', 'cancelled', 'uncertain')`;

/**
 * Forgets what is older than that moment, in small steps.
 *
 * @param before Unix time in milliseconds; keys of requests have an end of their own.
 * @throws LedgerAway
 */
export async function forgetOlderThan(ledger: Ledger, before: number): Promise<void> {
  const oldMessages = sql`updated_at < ${before} and ${over}`;
  const old: Record<string, { key: RawBuilder<unknown>; where: RawBuilder<unknown> }> = {
    attempts: { key: sql`message_id, at`, where: sql`message_id in (select id from messages where ${oldMessages})` },
    messages: { key: sql`id`, where: oldMessages },
    events: { key: sql`seq`, where: sql`at < ${before}` },
    webhook_retries: { key: sql`name, seq`, where: sql`seq not in (select seq from events)` },
    dead_letters: { key: sql`id`, where: sql`failed_at < ${before}` },
    idempotency_keys: { key: sql`scope, key`, where: sql`expires_at < ${Date.now()}` },
  };
  for (const [name, { key, where }] of Object.entries(old)) {
    const table = sql.table(name);
    const step = sql`delete from ${table} where (${key}) in (select ${key} from ${table} where ${where} limit ${most})`;
    for (let gone = most; gone === most;) {
      gone = await ledger.write(async (db) => Number((await step.execute(db)).numAffectedRows ?? 0));
    }
  }
}
