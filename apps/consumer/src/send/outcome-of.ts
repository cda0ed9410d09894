import type { Outcome, TelegramWords } from '../outcome';
import type { Answer } from '@app/bot-api';
import { isKnownMethod } from '@app/contracts';
import { refusals } from './refusals';

type Refused = Extract<Answer, { kind: 'refused' }>;

/** A 429 without `retry_after`, in milliseconds. */
const NAMELESS_WAIT_MS = 5_000;

const CLASS_OF_ERROR = /^(bad request|forbidden|not found|internal server error|unauthorized):\s*/i;
/** One failed item fails the call of a whole album; its own error stands in quotes. */
const ALBUM_FAILURE = /^(?:[a-z ]+: )?failed to send message #\d+(?: with the error message "?(.*?)"?$)?/i;

/** What an answer means for the message. Decides by code and parameters first, by Telegram's words second. */
export function outcomeOf(answer: Answer, method: string): Outcome {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'sent', result: answer.result };
    case 'refused':
      return refusedOutcome(answer, method);
    case 'unreadable':
      if (answer.isPassing) return storeAway(answer.code);
      return { kind: 'rejected', reason: 'bad_file', description: `the file cannot be read: ${answer.code}` };
    case 'unreachable':
      return {
        kind: 'retry',
        reason: 'network_unreachable',
        scope: 'bot',
        usesAttempt: false,
        description: answer.code,
      };
    case 'no_answer':
      return unansweredOutcome(answer.status, answer.code);
  }
}

/** Nothing was sent, and the file may be read later. */
const storeAway = (code: string): Outcome => ({
  ...{ kind: 'retry', reason: 'files_unavailable', scope: 'message', usesAttempt: true, description: code },
});

/** A page of a proxy instead of Telegram's JSON: three statuses say by themselves that the request went no further. */
function unansweredOutcome(status: number | undefined, code: string): Outcome {
  const words: TelegramWords = { ...(status !== undefined && { error_code: status }), description: code };
  if (status === 413 || status === 431) return { kind: 'rejected', reason: 'too_long', ...words };
  if (status === 429) return waitOutcome(undefined, words);
  return { kind: 'uncertain', reason: 'no_answer', ...words };
}

function refusedOutcome({ error_code, description, parameters = {} }: Refused, method: string): Outcome {
  const words: TelegramWords = { error_code, description };
  const album = ALBUM_FAILURE.exec(description);
  const said = (album?.[1] ?? description).replace(CLASS_OF_ERROR, '').toLowerCase();
  const begins = (...starts: readonly string[]): boolean =>
    starts.some((start) => said.startsWith(start.toLowerCase()));

  if (error_code === 429) return waitOutcome(parameters.retry_after, words);
  // "Logged out" (400) is what a server answers for a token that was moved to another server.
  if (error_code === 401 || (error_code === 400 && begins('logged out'))) return unauthorizedOutcome(words);
  if (error_code === 404) {
    const isBare = /^not found$/i.test(description.trim());
    // Of a server that says no more of both: what nobody knows by that name is the method rather than the bot.
    if (begins('method') || (isBare && !isKnownMethod(method)))
      return { kind: 'rejected', reason: 'method_not_found', ...words };
    if (isBare) return unauthorizedOutcome(words);
  }
  const known = error_code === 400 || error_code === 403 ? refusals.find((row) => begins(...row.begins)) : undefined;
  // The other items of the album may stand in the chat already; but what Telegram said of the item will not change.
  if (album && !known && error_code !== 403) return { kind: 'uncertain', reason: 'no_answer', ...words };
  if (begins('message is not modified', 'sent message was immediately deleted')) return { kind: 'sent', result: true };
  if (error_code >= 500) {
    return { kind: 'retry', reason: 'telegram_unavailable', scope: 'message', usesAttempt: true, ...words };
  }
  if (error_code === 413 || error_code === 431) return { kind: 'rejected', reason: 'too_long', ...words };
  if (parameters.migrate_to_chat_id !== undefined) {
    const moved = `${description} (migrate_to_chat_id ${parameters.migrate_to_chat_id})`;
    const migratedTo = String(parameters.migrate_to_chat_id);
    return { kind: 'rejected', reason: 'chat_migrated', error_code, description: moved, migratedTo };
  }
  return { kind: 'rejected', reason: known?.reason ?? 'bad_request', ...words };
}

/** Telegram's wait, in full: one cut short costs every message sent before its end, and lengthens it. */
function waitOutcome(retryAfter: number | undefined, words: TelegramWords): Outcome {
  const told = typeof retryAfter === 'number' && retryAfter > 0;
  const retryAfterMs = told ? retryAfter * 1000 : NAMELESS_WAIT_MS;
  return { kind: 'retry', reason: 'rate_limited', scope: 'chat', retryAfterMs, usesAttempt: false, ...words };
}

function unauthorizedOutcome(words: TelegramWords): Outcome {
  return { kind: 'retry', reason: 'bot_unauthorized', scope: 'bot', usesAttempt: false, ...words };
}
