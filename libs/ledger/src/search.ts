import { isKnownMethod, type FoundMessage, type MessageQuery, type MessageReport } from '@app/contracts';
import type { Selectable } from 'kysely';
import type { Ledger } from './ledger';
import type { AttemptsTable, MessagesTable } from './schema';
import { chatOf, chatText, plain } from './text';

const columns = [
  ...(['id', 'status', 'reason', 'bot', 'chat_id', 'method', 'ref', 'replay_of', 'edit_of'] as const),
  ...(['created_at', 'updated_at', 'message_ids', 'description'] as const),
];

/** Everything that is known of one message; nothing where it is not known. @throws LedgerAway */
export function findMessage(ledger: Ledger, id: string): Promise<MessageReport | undefined> {
  return ledger.read(async (db) => {
    const row = await db
      .selectFrom('messages')
      .select([...columns, 'degradations', 'parts', 'parts_done'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return undefined;
    const attempts = await db.selectFrom('attempts').selectAll().where('message_id', '=', id).orderBy('at').execute();
    const degradations = JSON.parse(row.degradations ?? '[]') as string[];
    return {
      ...found(row),
      attempts: attempts.map(told),
      degradations,
      warnings: isKnownMethod(row.method) ? [] : ['unknown_method'],
      chunks: Math.max(row.parts, row.parts_done),
    };
  });
}

/** One page of messages, the newest first. @throws LedgerAway */
export function searchMessages(ledger: Ledger, query: MessageQuery): Promise<FoundMessage[]> {
  const { status, chat_id, ref, bot, before, limit } = query;
  return ledger.read(async (db) => {
    let wanted = db.selectFrom('messages').select(columns);
    if (status !== undefined) wanted = wanted.where('status', '=', status);
    if (chat_id !== undefined) wanted = wanted.where('chat_id', '=', chatText(chat_id));
    if (ref !== undefined) wanted = wanted.where('ref', '=', plain(ref));
    if (bot !== undefined) wanted = wanted.where('bot', '=', bot);
    if (before !== undefined) wanted = wanted.where('id', '<', before);
    return (await wanted.orderBy('id', 'desc').limit(limit).execute()).map(found);
  });
}

const iso = (moment: number): string => new Date(moment).toISOString();

function found(row: Pick<Selectable<MessagesTable>, (typeof columns)[number]>): FoundMessage {
  return {
    ...{ id: row.id, status: row.status, bot: row.bot, method: row.method },
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.description !== null && { description: row.description }),
    ...(row.chat_id !== null && { chat_id: chatOf(row.chat_id) }),
    ...(row.ref !== null && { ref: row.ref }),
    ...(row.replay_of !== null && { replay_of: row.replay_of }),
    ...(row.edit_of !== null && { edits: row.edit_of }),
    ...{ created_at: iso(row.created_at), updated_at: iso(row.updated_at) },
    telegram: { message_ids: JSON.parse(row.message_ids ?? '[]') as number[] },
  };
}

function told({ at, duration_ms, outcome, ...rest }: Selectable<AttemptsTable>): MessageReport['attempts'][number] {
  const { reason, error_code, description, retry_after } = rest;
  return {
    ...{ at: iso(at), duration_ms, outcome },
    ...(reason !== null && { reason }),
    ...(error_code !== null && { error_code }),
    ...(description !== null && { description }),
    ...(retry_after !== null && { retry_after }),
  };
}
