import type { Reason, SendMessage } from '@app/contracts';
import type { Outcome } from '../outcome';

/** What an outcome means for the message. */
export type Settlement =
  | { kind: 'acknowledge' }
  /** The next part of the message follows. */
  | { kind: 'go-on' }
  | { kind: 'wait'; forMs: number; attempts: number; scope: 'message' | 'chat' | 'bot' }
  | { kind: 'dead-letter'; reason: Reason; attempts: number; description?: string; errorCode?: number };

/**
 * Wait before the next attempt, by the number of attempts made. After the last one the message is a dead letter, five hours
 * and 21 minutes after the first.
 *
 * | attempt | 1  | 2  | 3   | 4   | 5   | 6    | 7    | 8  | 9  | 10 | 11 | 12       |
 * | ------- | -- | -- | --- | --- | --- | ---- | ---- | -- | -- | -- | -- | -------- |
 * | wait    | 1s | 5s | 15s | 1m  | 5m  | 15m  | 1h   | 1h | 1h | 1h | 1h | give up  |
 */
const backOffMs = [1, 5, 15, 60, 300, 900, 3600, 3600, 3600, 3600, 3600].map((seconds) => seconds * 1000);

/**
 * The table from outcome to settlement; pure. `attempts` are those made before this one; `hasMore`: further parts follow,
 * which one part that may or may not have arrived does not keep from it.
 */
export function settlementOf(
  outcome: Outcome,
  { on_uncertain }: Pick<SendMessage, 'on_uncertain'>,
  attempts: number,
  hasMore = false,
): Settlement {
  switch (outcome.kind) {
    case 'sent':
      return { kind: hasMore ? 'go-on' : 'acknowledge' };
    case 'rejected':
      return giveUp(outcome, outcome.reason === 'expired' ? attempts : attempts + 1);
    case 'uncertain':
      if (on_uncertain === 'resend') return tryAgain(outcome, 'message', attempts);
      return hasMore ? { kind: 'go-on' } : giveUp(outcome, attempts + 1);
    case 'retry':
      if (outcome.usesAttempt) return tryAgain(outcome, outcome.scope, attempts, outcome.retryAfterMs);
      return {
        kind: 'wait',
        // Where Telegram as a whole is out of reach, the circuit says when it goes on.
        forMs: outcome.retryAfterMs ?? 0,
        attempts,
        scope: outcome.scope,
      };
  }
}

type Failure = Exclude<Outcome, { kind: 'sent' }>;

function tryAgain(failure: Failure, scope: 'message' | 'chat' | 'bot', made: number, retryAfterMs = 0): Settlement {
  const wait = backOffMs[made];
  if (wait === undefined) return giveUp(failure, made + 1);
  return { kind: 'wait', forMs: Math.max(wait, retryAfterMs), attempts: made + 1, scope };
}

const giveUp = ({ reason, description, error_code }: Failure, attempts: number): Settlement => ({
  kind: 'dead-letter',
  reason,
  attempts,
  description,
  errorCode: error_code,
});
