import { isFinal, type CallAnswer, type Reason } from '@app/contracts';
import type { CallStanding } from '@app/ledger';
import { refusal } from './send-answer';

/** What Telegram would have said of a message that was given up without asking it. */
const words: Partial<Record<Reason, [code: number, description: string]>> = {
  bot_blocked: [403, 'Forbidden: bot was blocked by the user'],
  bot_kicked: [403, 'Forbidden: bot is not a member of the chat'],
  user_deactivated: [403, 'Forbidden: user is deactivated'],
  expired: [400, 'Bad Request: the message expired before it could be sent'],
  cancelled: [400, 'Bad Request: the message was cancelled'],
  no_answer: [502, 'Bad Gateway'],
};

/** The answer to a call whose message is over; nothing while it is not. */
export function answerOfStanding({ answer, status, reason }: CallStanding): CallAnswer | undefined {
  if (answer) return answer;
  if (status === undefined || !isFinal(status)) return undefined;
  if (status === 'sent') return { ok: true, result: true };
  const [code, description] = words[reason ?? 'internal'] ?? [500, 'Internal Server Error'];
  return refusal(code, description);
}
