import type { MessageStatus, Reason } from '@app/contracts';
import { sql } from 'kysely';
import type { Db } from './database';
import type { Ledger } from './ledger';

/** What an answer says of its chat. */
interface ChatNote {
  bot: string;
  chat_id: string | null;
  reason: Reason | null;
  status: MessageStatus;
  /** The supergroup that it became. */
  migratedTo?: string;
}

/** What is known of a chat that changes how messages to it are delivered. */
export interface ChatFact {
  bot: string;
  chat: string;
  migratedTo: string | null;
  suppressed: Reason | null;
  updatedAt: number;
}

/** Facts that changed at that moment or later. @throws LedgerAway */
export function factsSince(ledger: Ledger, since: number): Promise<ChatFact[]> {
  return ledger.read(async (db) => {
    const rows = await db.selectFrom('chats').selectAll().where('updated_at', '>=', since).execute();
    return rows.map(({ bot, chat_id, migrated_to, suppressed_reason, updated_at }) => ({
      ...{ bot, chat: chat_id, migratedTo: migrated_to, suppressed: suppressed_reason, updatedAt: updated_at },
    }));
  });
}

/** Refusals after which nothing sent to the chat arrives until somebody there acts. */
export const suppressing: ReadonlySet<Reason | null> = new Set([
  'bot_blocked',
  'bot_kicked',
  'user_deactivated',
] as const);

/** Remembers refusals that concern the whole chat, until the chat takes a message again. */
export async function noteChats(ledger: Ledger, db: Db, notes: ChatNote[], now: number): Promise<void> {
  for (const { bot, chat_id, reason, migratedTo } of notes) {
    if (chat_id === null || !(suppressing.has(reason) || migratedTo)) continue;
    const fact = migratedTo ? { migrated_to: migratedTo } : { suppressed_reason: reason, suppressed_at: now };
    await db
      .insertInto('chats')
      .values({ bot, chat_id, ...fact, updated_at: now })
      .onConflict((conflict) => conflict.columns(['bot', 'chat_id']).doUpdateSet({ ...fact, updated_at: now }))
      .execute();
  }
  const sent = notes.filter(({ chat_id, status }) => chat_id !== null && status === 'sent');
  if (sent.length === 0) return;
  const chats = sent.map(({ bot, chat_id }) => ({ bot, chat_id }));
  await sql`
    update chats set suppressed_reason = null, suppressed_at = null, updated_at = ${now}
    where suppressed_reason is not null and exists (select 1 from ${ledger.rows(chats)}
      where value->>'bot' = chats.bot and value->>'chat_id' = chats.chat_id)`.execute(db);
}
