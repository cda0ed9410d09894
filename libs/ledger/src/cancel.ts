import type { MessageStatus } from '@app/contracts';
import { releaseBlobs } from './blobs';
import { addEvents } from './events';
import type { Ledger } from './ledger';
import { eventOf } from './message-row';
import { chatOf } from './text';

const cancellable: readonly MessageStatus[] = ['queued', 'scheduled', 'retrying'];

/**
 * Cancels a message that no call is under way for: the consumer asks right before each call.
 *
 * @returns Where it stands, which is `cancelled` when it could be; nothing where it is not known.
 * @throws LedgerAway
 */
export function cancelMessage(
  ledger: Ledger,
  id: string,
): Promise<{ cancelled: boolean; status: MessageStatus } | undefined> {
  return ledger.write(async (db) => {
    const row = await db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) return undefined;
    if (!cancellable.includes(row.status)) return { cancelled: false, status: row.status };
    const now = Date.now();
    const change = { status: 'cancelled', reason: 'cancelled', updated_at: now } as const;
    await db.updateTable('messages').set(change).where('id', '=', id).execute();
    await releaseBlobs(ledger, db, [row]);
    const { bot, method, ref } = row;
    const chat_id = row.chat_id === null ? undefined : chatOf(row.chat_id);
    const subject = { ...{ id, bot, method, chat_id }, ref: ref ?? undefined, edit_of: row.edit_of ?? undefined };
    await addEvents(ledger, db, [eventOf(subject, 'cancelled', now, { reason: 'cancelled' })]);
    return { cancelled: true, status: 'cancelled' };
  });
}
