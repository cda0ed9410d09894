import type { MessageStatus, SendMessage } from '@app/contracts';
import type { Outcome } from '../outcome';
import { afterPart, degraded, withPart, type Parcel } from '../parcel';
import type { Settlement } from './settlement';

/** The message after an answer; where a part is done and another follows, at that. */
export function standingAfter(parcel: Parcel, outcome: Outcome, settlement: Settlement): Parcel {
  const ids = outcome.kind === 'sent' ? messageIdsOf(parcel.command, outcome.result) : [];
  switch (settlement.kind) {
    case 'go-on': {
      const after = afterPart(parcel, ids);
      return outcome.kind === 'sent' ? after : { ...after, degradations: degraded(after, 'part_uncertain') };
    }
    case 'acknowledge':
      return withPart(parcel, ids);
    default:
      return { ...parcel, attempts: settlement.attempts };
  }
}

/** The status that an answer leads to. */
export function statusOf(outcome: Outcome, settled: Settlement): MessageStatus {
  if (settled.kind === 'acknowledge') return 'sent';
  if (settled.kind === 'go-on') return 'sending';
  if (settled.kind === 'wait') return 'retrying';
  return outcome.kind === 'uncertain' ? 'uncertain' : 'failed';
}

/** Ids of the messages in a result: one message, an album of them, or ids alone; other methods answer without. */
function messageIdsOf({ edit_of, payload }: SendMessage, result: unknown): number[] {
  // Of a message that stands as it was asked for already, Telegram does not tell the id again.
  if (edit_of !== undefined && typeof payload.message_id === 'number') return [payload.message_id];
  const all: unknown[] = Array.isArray(result) ? result : [result];
  const ids = all.map((one) => Object(one) as { message_id?: unknown }).map(({ message_id }) => message_id);
  return ids.filter((id): id is number => typeof id === 'number');
}
