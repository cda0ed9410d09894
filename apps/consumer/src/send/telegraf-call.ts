import { type Telegram, TelegramError } from 'telegraf';
import type { BotApiTransport, CallOptions } from '@app/bot-api';

/**
 * A call whose answer never came, as telegraf's callers meet it. Its name is the one by which telegraf's polling knows
 * that it may simply ask again.
 */
export class TransportError extends Error {
  override readonly name: 'FetchError' | 'AbortError';

  constructor(
    readonly kind: 'unreachable' | 'no_answer' | 'unreadable',
    readonly code: string,
    method: string,
  ) {
    super(`${method}: ${kind} (${code})`);
    this.name = code === 'ABORTED' ? 'AbortError' : 'FetchError';
  }
}

/**
 * Puts our transport below telegraf's `callApi`, which otherwise hangs on cut answers, loses objects in multipart and
 * leaks the token. Refusals are thrown as telegraf's own `TelegramError`, but without the payload, so that no message
 * text gets into logs.
 */
export function callThrough(telegram: Telegram, transport: BotApiTransport): void {
  async function callApi(method: string, payload: Record<string, unknown>, { signal }: CallOptions = {}) {
    const answer = await transport.call(method, payload, { signal, localFiles: true });
    if (answer.kind === 'ok') return answer.result;
    if (answer.kind !== 'refused') throw new TransportError(answer.kind, answer.code, method);
    const { error_code, description, parameters } = answer;
    throw new TelegramError({ error_code, description, parameters }, { method });
  }
  Object.defineProperties(telegram, {
    callApi: { value: callApi, enumerable: false },
    // Whoever logs a bot or a context must not log its token.
    token: { value: telegram.token, enumerable: false },
  });
}
