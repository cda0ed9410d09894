import type { CallAnswer } from '@app/contracts';
import type { Outcome } from '../outcome';

/** What the client of the Bot API door gets for a call that is over: Telegram’s own words wherever there are any. */
export function answerOf(outcome: Outcome): CallAnswer {
  if (outcome.said) return { ok: false, ...outcome.said };
  switch (outcome.kind) {
    case 'sent':
      return { ok: true, result: outcome.result };
    case 'rejected':
      if (outcome.reason === 'too_long') return refusal(413, 'Request Entity Too Large');
      return refusal(400, `Bad Request: ${outcome.description ?? outcome.reason}`);
    case 'retry':
    case 'uncertain':
      return refusal(502, 'Bad Gateway');
  }
}

const refusal = (error_code: number, description: string): CallAnswer => ({ ok: false, error_code, description });
