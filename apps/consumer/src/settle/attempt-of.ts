import type { Answered } from '@app/ledger';
import type { Outcome } from '../outcome';

/** When a call began, as Unix milliseconds, and how long it took. */
export interface Call {
  at: number;
  durationMs: number;
}

/** One call to Telegram as it is put on record. */
export function attemptOf({ at, durationMs }: Call, outcome: Outcome): Answered['attempt'] {
  const told = outcome.kind === 'sent' ? undefined : outcome;
  const retryAfterMs = outcome.kind === 'retry' ? outcome.retryAfterMs : undefined;
  return {
    ...{ at, duration_ms: Math.round(durationMs), outcome: outcome.kind, reason: told?.reason ?? null },
    ...{ error_code: told?.error_code ?? null, description: told?.description ?? null },
    retry_after: retryAfterMs === undefined ? null : Math.ceil(retryAfterMs / 1000),
  };
}
