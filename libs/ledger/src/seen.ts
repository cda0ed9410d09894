import { isFinal, type MessageStatus, type Reason } from '@app/contracts';
import type { MessagesTable } from './schema';

/**
 * What the ledger knows of a message that the broker hands out.
 *
 * - `free`: it may be sent.
 * - `unanswered`: a call was begun at that moment, by a process that is gone, and nobody knows its answer.
 * - `over`: its fate is known; since when, and why.
 */
export type Seen =
  | { kind: 'free' }
  | { kind: 'unanswered'; since: number }
  | { kind: 'over'; status: MessageStatus; reason: Reason | null; at: number };

/** As much of a message's row as tells it. */
export type Known = Pick<MessagesTable, 'id' | 'status' | 'reason' | 'sending_since' | 'updated_at'>;

export const seen = ({ status, reason, sending_since, updated_at }: Known): Seen => {
  if (isFinal(status)) return { kind: 'over', status, reason, at: updated_at };
  return sending_since === null ? { kind: 'free' } : { kind: 'unanswered', since: sending_since };
};
