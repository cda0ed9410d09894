import type { Reason } from '@app/contracts';
import type { Outcome } from '../outcome';
import { settlementOf } from './settlement';

const resend = { on_uncertain: 'resend' } as const;
const drop = { on_uncertain: 'drop' } as const;
const words = { error_code: 500, description: 'Internal Server Error' };

const sent: Outcome = { kind: 'sent', result: true };
const fault: Outcome = { kind: 'retry', reason: 'telegram_unavailable', scope: 'message', usesAttempt: true, ...words };
const uncertain: Outcome = { kind: 'uncertain', reason: 'no_answer', description: 'ECONNRESET' };

it.each([resend, drop])('acknowledges what is sent', (command) => {
  expect(settlementOf(sent, command, 3)).toEqual({ kind: 'acknowledge' });
});

it.each<[Reason, number]>([
  ['bot_blocked', 3],
  ['chat_not_found', 3],
  ['bad_request', 3],
  ['expired', 2],
])('gives up what is rejected as %s, having made %d attempts', (reason, attempts) => {
  const outcome: Outcome = { kind: 'rejected', reason, error_code: 400, description: 'Bad Request' };
  const letter = { kind: 'dead-letter', reason, attempts, errorCode: 400, description: 'Bad Request' };
  expect(settlementOf(outcome, resend, 2)).toEqual(letter);
});

const minutes = 60;
const hours = 3600;
it.each(
  [1, 5, 15, 1 * minutes, 5 * minutes, 15 * minutes, ...Array<number>(5).fill(1 * hours)].map((wait, made) => [
    made,
    wait,
  ]),
)('after %d attempts that counted waits %d s for the next, after a fault or a lost answer', (made, seconds) => {
  const wait = { kind: 'wait', forMs: seconds * 1000, attempts: made + 1, scope: 'message' };
  expect(settlementOf(fault, resend, made)).toEqual(wait);
  expect(settlementOf(uncertain, resend, made)).toEqual(wait);
});

it('gives up after the twelfth', () => {
  const letter = { kind: 'dead-letter', reason: 'telegram_unavailable', attempts: 12, errorCode: 500 };
  expect(settlementOf(fault, resend, 11)).toMatchObject(letter);
  expect(settlementOf(uncertain, resend, 11)).toMatchObject({ kind: 'dead-letter', reason: 'no_answer', attempts: 12 });
});

it('gives up a lost answer at once where the caller says drop', () => {
  const letter = { kind: 'dead-letter', reason: 'no_answer', attempts: 1, description: 'ECONNRESET' };
  expect(settlementOf(uncertain, drop, 0)).toMatchObject(letter);
});

it('waits as long as Telegram says, for ever again, without using up an attempt', () => {
  const limited = (retryAfterMs: number): Outcome => ({
    kind: 'retry',
    reason: 'rate_limited',
    scope: 'chat',
    retryAfterMs,
    usesAttempt: false,
  });
  for (const retryAfterMs of [1_000, 86_400_000]) {
    for (const attempts of [0, 11, 50]) {
      const wait = { kind: 'wait', forMs: retryAfterMs, attempts, scope: 'chat' };
      expect(settlementOf(limited(retryAfterMs), drop, attempts)).toEqual(wait);
    }
  }
});

it.each<Reason>(['network_unreachable', 'bot_unauthorized'])(
  'leaves it to the circuit after %s, without using up an attempt',
  (reason) => {
    const outcome: Outcome = { kind: 'retry', reason, scope: 'bot', usesAttempt: false };
    expect(settlementOf(outcome, resend, 4)).toEqual({ kind: 'wait', forMs: 0, attempts: 4, scope: 'bot' });
  },
);

it('waits for the longer of its own back-off and what Telegram says', () => {
  const told = (retryAfterMs: number): Outcome => ({ ...fault, kind: 'retry', retryAfterMs });
  expect(settlementOf(told(9_000), resend, 0)).toMatchObject({ forMs: 9_000 });
  expect(settlementOf(told(9_000), resend, 2)).toMatchObject({ forMs: 15_000 });
});
