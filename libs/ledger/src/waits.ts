import { sql } from 'kysely';
import type { Db } from './database';
import type { Ledger } from './ledger';

/** A chat that must wait, as text, or '' for the whole bot; until when, in Unix milliseconds. */
export interface Hold {
  chat: string;
  until: number;
}

/** A call to Telegram that was begun. */
export interface PastCall {
  chat: string;
  /** When it had arrived at the latest: at its answer, or now. */
  at: number;
  /** Telegram's messages that it made; one where that is not known. */
  messages: number;
}

/** Notes who must wait; of several waits the longest counts. */
export async function noteHolds(
  ledger: Ledger,
  db: Db,
  answers: readonly { command: { bot: string }; holds?: readonly Hold[] }[],
): Promise<void> {
  const holds = answers.flatMap(({ command: { bot }, holds = [] }) => holds.map((hold) => ({ bot, ...hold })));
  if (holds.length === 0) return;
  const longest = new Map<string, Hold & { bot: string }>();
  for (const hold of holds) {
    const key = `${hold.bot}/${hold.chat}`;
    if ((longest.get(key)?.until ?? 0) < hold.until) longest.set(key, hold);
  }
  await sql`
    insert into holds (bot, chat_id, until)
    select value->>'bot', value->>'chat', cast(value->>'until' as bigint)
    from ${ledger.rows([...longest.values()])} where true
    on conflict (bot, chat_id) do update set until = excluded.until where holds.until < excluded.until`.execute(db);
}

/** Who of the bot must still wait; forgets who need not any more. @throws LedgerAway */
export function findHolds(ledger: Ledger, bot: string): Promise<Hold[]> {
  return ledger.write(async (db) => {
    await db.deleteFrom('holds').where('bot', '=', bot).where('until', '<=', Date.now()).execute();
    const rows = await db.selectFrom('holds').selectAll().where('bot', '=', bot).execute();
    return rows.map(({ chat_id, until }) => ({ chat: chat_id, until }));
  });
}

/** Calls of the bot since that moment, the oldest first. @throws LedgerAway */
export function findCalls(ledger: Ledger, bot: string, since: number): Promise<PastCall[]> {
  return ledger.read(async (db) => {
    const answered = await db
      .selectFrom('attempts')
      .innerJoin('messages', 'messages.id', 'attempts.message_id')
      .select(['chat_id', 'at', 'duration_ms', 'message_ids'])
      .where('attempts.at', '>', since)
      .where('bot', '=', bot)
      .execute();
    const unanswered = await db
      .selectFrom('messages')
      .select(['chat_id', 'message_ids'])
      .where('status', '=', 'sending')
      .where('sending_since', '>', since)
      .where('bot', '=', bot)
      .execute();
    const now = Date.now();
    const calls = [
      ...answered.map(({ at, duration_ms, ...call }) => ({ ...call, at: at + duration_ms })),
      ...unanswered.map((call) => ({ ...call, at: now })),
    ];
    return calls
      .map(({ chat_id, at, message_ids }) => ({ chat: chat_id ?? '', at, messages: countOf(message_ids) }))
      .sort((a, b) => a.at - b.at);
  });
}

const countOf = (ids: string | null): number => (ids === null ? 1 : (JSON.parse(ids) as unknown[]).length);
