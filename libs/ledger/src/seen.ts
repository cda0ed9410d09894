import { isFinal, type MessageStatus, type Reason } from '@app/contracts';
import type { MessagesTable } from './schema';

/**
 * What the ledger knows of a message that the broker hands out.
 *
 * - `free`: it may be sent; so many calls were made that counted.
 * - `unanswered`: a call was begun at that moment, by a process that is gone, and nobody knows its answer.
 * - `over`: its fate is known; since when, and why.
 */
export type Seen =
  | { kind: 'free'; tries: number }
  | { kind: 'unanswered'; since: number; tries: number }
  | { kind: 'over'; status: MessageStatus; reason: Reason | null; at: number };

/** As much of a message's row as tells it. */
export type Known = Pick<MessagesTable, 'id' | 'status' | 'reason' | 'sending_since' | 'updated_at'> & {
  tries: number;
};

export const seen = ({ status, reason, sending_since, updated_at, tries }: Known): Seen => {
  if (isFinal(status)) return { kind: 'over', status, reason, at: updated_at };
  return sending_since === null ? { kind: 'free', tries } : { kind: 'unanswered', since: sending_since, tries };
};
