import type { CallRefusal, Reason, SendMessage } from '@app/contracts';

/** What Telegram said, kept for the log line and the dead letter; never holds the token. */
export interface TelegramWords {
  /** `error_code` of the answer, or the HTTP status where the body was not Telegram's. */
  error_code?: number;
  description?: string;
}

/**
 * What one attempt led to. Expected failures are values of this type; anything thrown is a bug.
 *
 * - `sent`: Telegram took the message.
 * - `retry`: it was surely not sent and may be tried again.
 * - `rejected`: it will never be taken as it is.
 * - `uncertain`: the call went out and its answer never came, so it may or may not have been sent.
 */
export type Outcome = (
  | { kind: 'sent'; result: unknown }
  | ({
      kind: 'retry';
      reason: Reason;
      /** Who must wait: this message alone, its whole chat, or the whole bot. */
      scope: 'message' | 'chat' | 'bot';
      /** Telegram's own `retry_after` in milliseconds; without it the back-off schedule decides. */
      retryAfterMs?: number;
      /** False where the fault is not the message's (429, no network, 401): waiting then costs no attempt. */
      usesAttempt: boolean;
    } & TelegramWords)
  | ({
      kind: 'rejected';
      reason: Reason;
      /** The id of the supergroup that the chat became. */
      migratedTo?: string;
      /** A `file_id` of ours stood for a file; the file itself may be taken. */
      isStale?: true;
      /** Telegram could not get a file from its address; we may. */
      isFetchable?: true;
    } & TelegramWords)
  | ({ kind: 'uncertain'; reason: Reason } & TelegramWords)
) & {
  /** Telegram’s refusal as it came, where the answer was one. */
  said?: CallRefusal;
};

/** A message as Telegram may take it after a refusal, and what that cost, in one word. */
export interface Mended {
  command: SendMessage;
  /** Where all of its calls are others from now on. */
  whole?: SendMessage;
  degradation?: string;
}
