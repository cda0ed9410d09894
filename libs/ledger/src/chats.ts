import type { ChatQuery, ChatReport } from '@app/contracts';
import type { Ledger } from './ledger';
import { chatOf, plain } from './text';

/** One page of chats of which something is known, by their names; `before` is the last one of the page before. @throws LedgerAway */
export function findChats(ledger: Ledger, query: ChatQuery): Promise<ChatReport[]> {
  return ledger.read(async (db) => {
    let wanted = db.selectFrom('chats').selectAll();
    if (query.bot !== undefined) wanted = wanted.where('bot', '=', query.bot);
    if (query.suppressed !== undefined)
      wanted = wanted.where('suppressed_at', query.suppressed ? 'is not' : 'is', null);
    if (query.migrated !== undefined) wanted = wanted.where('migrated_to', query.migrated ? 'is not' : 'is', null);
    const [bot, chat] = plain(query.before)?.split('/') ?? [];
    if (bot !== undefined && chat !== undefined) {
      wanted = wanted.where((is) =>
        is.or([is('bot', '>', bot), is.and([is('bot', '=', bot), is('chat_id', '>', chat)])]),
      );
    }
    const rows = await wanted.orderBy('bot').orderBy('chat_id').limit(query.limit).execute();
    return rows.map((row) => ({
      bot: row.bot,
      chat_id: chatOf(row.chat_id),
      ...(row.migrated_to !== null && { migrated_to: chatOf(row.migrated_to) }),
      ...(row.suppressed_reason !== null && {
        suppressed: { reason: row.suppressed_reason, at: new Date(row.suppressed_at ?? 0).toISOString() },
      }),
      updated_at: new Date(row.updated_at).toISOString(),
    }));
  });
}

/** Lifts the suppression of a chat; false where there was none. @throws LedgerAway */
export function liftSuppression(ledger: Ledger, bot: string, chat: string): Promise<boolean> {
  return ledger.write(async (db) => {
    const lifted = await db
      .updateTable('chats')
      .set({ suppressed_reason: null, suppressed_at: null, updated_at: Date.now() })
      .where('bot', '=', plain(bot))
      .where('chat_id', '=', plain(chat))
      .where('suppressed_at', 'is not', null)
      .returning('chat_id')
      .execute();
    return lifted.length > 0;
  });
}
