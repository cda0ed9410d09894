import { isFinal, recallMethod, type MessageStatus, type Reason, type SendMessage } from '@app/contracts';
import type { Selectable } from 'kysely';
import type { Db } from './database';
import type { Ledger } from './ledger';
import type { MessagesTable } from './schema';
import { chatOf } from './text';

/** The message that an edit is for, as it stands in its chat. */
export interface Target {
  id: string;
  /** By which it was sent. */
  method: string;
  /** Telegram's ids of what it made, as earlier edits have left them. */
  messageIds: readonly number[];
  /** Calls that it took to make them. */
  parts: number;
}

/** An edit that ends without a call: why, for status and event. */
export interface Moot {
  kind: 'moot';
  status: Extract<MessageStatus, 'cancelled' | 'failed'>;
  reason: Reason;
  description: string;
  /** A newer edit or a recall has come. */
  isOvertaken: boolean;
}

/** What an edit finds when its turn comes. `early`: its message is not over yet. */
export type Found = { kind: 'ready'; target: Target } | { kind: 'early' } | Moot;

/** What a caller can know of a message that is to be edited. */
export interface Editable extends Target {
  status: MessageStatus;
  bot: string;
  chat_id: number | string | undefined;
  /** What it is an edit of itself. */
  edit_of: string | undefined;
  place: Place;
  /** The newest of its edits. */
  newest: string | undefined;
  /** The message that recalls it, unless that failed. */
  recall: string | undefined;
  /** Whether an edit has made a medium of it. */
  becameMedia: boolean;
}

/** What an edit takes over from its message. */
export type Place = Partial<Pick<SendMessage, 'priority' | 'send_at'>> & { [parameter: string]: unknown };

type Row = Selectable<MessagesTable>;

const unsent: readonly MessageStatus[] = ['failed', 'expired', 'cancelled'];

/** How much of a message an edit replaces: one takes the place of an older that replaces as much or less. */
const scopeOf = (method: string): number =>
  ({ editmessagereplymarkup: 0, editmessagetext: 2, editmessagemedia: 3, [recallMethod.toLowerCase()]: 4 })[
    method.toLowerCase()
  ] ?? 1;

/** Looks whether a newer edit has come, and for the message that this one is for. */
export async function findTarget(db: Db, { id, edit_of = '', method }: SendMessage): Promise<Found> {
  const newer = await db
    .selectFrom('messages')
    .select('method')
    .distinct()
    .where('edit_of', '=', edit_of)
    .where('id', '>', id)
    .where('status', 'not in', unsent)
    .execute();
  if (newer.some((one) => scopeOf(one.method) >= scopeOf(method))) {
    const description = 'a newer edit of the message, or its recall, came before the turn of this one';
    return { kind: 'moot', status: 'cancelled', reason: 'cancelled', description, isOvertaken: true };
  }
  const row = await sentAs(db, edit_of);
  if (row && !isFinal(row.status)) return { kind: 'early' };
  const target = row && targetOf(row);
  const isThere = target !== undefined && target.messageIds.length > 0;
  if (isThere && (row?.status === 'sent' || method === recallMethod)) return { kind: 'ready', target };
  const isRecalled = row !== undefined && !isThere && (await editsOf(db, row.id)).some(isRecall);
  const stands = isRecalled ? 'recalled' : (row?.status ?? 'forgotten');
  const description = `the message that it edits is ${stands}`;
  return isRecalled || stands === 'cancelled'
    ? { kind: 'moot', status: 'cancelled', reason: 'cancelled', description, isOvertaken: false }
    : { kind: 'moot', status: 'failed', reason: 'bad_request', description, isOvertaken: false };
}

/** A message that may be edited or recalled; where it failed and was sent again, that one. @throws LedgerAway */
export function findEditable(ledger: Ledger, id: string): Promise<Editable | undefined> {
  return ledger.read(async (db) => {
    const row = await sentAs(db, id);
    if (!row) return undefined;
    const edits = await editsOf(db, row.id);
    return {
      ...targetOf(row),
      ...{ status: row.status, bot: row.bot, edit_of: row.edit_of ?? undefined },
      chat_id: row.chat_id === null ? undefined : chatOf(row.chat_id),
      place: JSON.parse(row.place ?? '{}') as Place,
      newest: edits
        .map((edit) => edit.id)
        .sort()
        .at(-1),
      recall: edits.find(isRecall)?.id,
      becameMedia: edits.some(({ method }) => /^editMessageMedia$/i.test(method)),
    };
  });
}

/** Whether an edit as old as that comes too late to be made again. @throws LedgerAway */
export async function isOvertaken(ledger: Ledger, edit: SendMessage): Promise<boolean> {
  const found = await ledger.read((db) => findTarget(db, edit));
  return found.kind === 'moot' && found.isOvertaken;
}

/** Notes what edits have made of their messages. */
export async function noteTargets(db: Db, answers: readonly { target?: Target }[]): Promise<void> {
  for (const { target } of answers) {
    if (!target) continue;
    const { id, messageIds, parts } = target;
    const message_ids = messageIds.length > 0 ? JSON.stringify(messageIds) : null;
    await db.updateTable('messages').set({ message_ids, parts, parts_done: parts }).where('id', '=', id).execute();
  }
}

/** The message with that id, or the one that was sent in its place. */
async function sentAs(db: Db, id: string): Promise<Row | undefined> {
  const row = await db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || !isFinal(row.status) || row.status === 'sent') return row;
  const again = await db.selectFrom('messages').select('id').where('replay_of', '=', id).executeTakeFirst();
  return again ? sentAs(db, again.id) : row;
}

const editsOf = (db: Db, id: string) =>
  db
    .selectFrom('messages')
    .select(({ fn }) => ['method', 'status', fn.max('id').as('id')])
    .where('edit_of', '=', id)
    .where('status', 'not in', unsent)
    .groupBy(['method', 'status'])
    .execute();

const isRecall = ({ method }: { method: string }): boolean => method === recallMethod;

const targetOf = ({ id, method, message_ids, parts_done }: Row): Target => ({
  ...{ id, method, parts: parts_done },
  messageIds: JSON.parse(message_ids ?? '[]') as number[],
});
