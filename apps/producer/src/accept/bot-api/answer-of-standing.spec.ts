import type { CallStanding } from '@app/ledger';
import { answerOfStanding } from './answer-of-standing';

describe('answerOfStanding', () => {
  it.each<[CallStanding, object | undefined]>([
    [{}, undefined],
    [{ status: 'retrying', reason: 'rate_limited' }, undefined],
    [
      { status: 'sent', answer: { ok: true, result: 5 } },
      { ok: true, result: 5 },
    ],
    [{ status: 'sent' }, { ok: true, result: true }],
    [
      { status: 'failed', reason: 'bot_blocked' },
      { error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    ],
    [
      { status: 'failed', reason: 'user_deactivated' },
      { error_code: 403, description: 'Forbidden: user is deactivated' },
    ],
    [
      { status: 'failed', reason: 'internal' },
      { error_code: 500, description: 'Internal Server Error' },
    ],
    [
      { status: 'uncertain', reason: 'no_answer' },
      { error_code: 502, description: 'Bad Gateway' },
    ],
    [{ status: 'cancelled', reason: 'cancelled' }, { error_code: 400 }],
    [{ status: 'expired', reason: 'expired' }, { error_code: 400 }],
  ])('makes of %j what Telegram would have said', (standing, answer) => {
    if (answer) expect(answerOfStanding(standing)).toMatchObject(answer);
    else expect(answerOfStanding(standing)).toBeUndefined();
  });
});
