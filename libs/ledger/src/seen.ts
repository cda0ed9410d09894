import { isFinal, type MessageStatus, type Reason } from '@app/contracts';
import type { Moot, Target } from './edits';
import type { MessagesTable } from './schema';

/**
 * What the ledger knows of a message that the broker hands out.
 *
 * - `free`: it may be sent; so many calls were made that counted, so many of its parts are done, as these messages.
 * - `unanswered`: a call was begun at that moment, by a process that is gone, and nobody knows its answer.
 * - `over`: its fate is known; since when, and why.
 * - `early`: an edit whose message is not over yet.
 * - `moot`: an edit that has become needless or impossible, which nobody has noted yet.
 */
export type Seen =
  | ({ kind: 'free' } & Progress)
  | ({ kind: 'unanswered'; since: number } & Progress)
  | { kind: 'over'; status: MessageStatus; reason: Reason | null; at: number }
  | { kind: 'early' }
  | Moot;

/** How far a message has come. */
export interface Progress {
  tries: number;
  parts: number;
  messageIds: readonly number[];
  /** Of an edit: the message that it is for. */
  target?: Target;
}

/** Of a message that nobody knows. */
export const fresh = { kind: 'free', tries: 0, parts: 0, messageIds: [] } as const satisfies Seen;

/** As much of a message's row as tells it. */
export type Known = Pick<MessagesTable, 'id' | 'status' | 'reason' | 'sending_since' | 'updated_at' | 'message_ids'> & {
  tries: number;
  parts_done: number;
};

export const seen = ({ status, reason, sending_since, updated_at, ...row }: Known): Seen => {
  if (isFinal(status)) return { kind: 'over', status, reason, at: updated_at };
  const messageIds = JSON.parse(row.message_ids ?? '[]') as number[];
  const progress = { tries: row.tries, parts: row.parts_done, messageIds };
  return sending_since === null
    ? { kind: 'free', ...progress }
    : { kind: 'unanswered', since: sending_since, ...progress };
};
