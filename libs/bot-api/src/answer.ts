/** The `parameters` of a refusal that change what is done next. */
export interface ResponseParameters {
  /** Seconds to wait before the next call. */
  retry_after?: number;
  /** The id of the supergroup that the group became. */
  migrate_to_chat_id?: number;
}

/**
 * What one call of the Bot API led to: expected failures are values, none of them holds the token.
 *
 * - `ok`, `refused`: Telegram's own words, whatever the HTTP status.
 * - `unreachable`: no byte of the request left this machine (no DNS, refused, TLS, connect time-out).
 * - `no_answer`: the request may have arrived, but no whole answer of Telegram's came back. `status` is the HTTP status
 *   where one was seen.
 * - `unreadable`: a file of ours could not be read; the request never went out whole, so nothing was sent. `isPassing`:
 *   its store is away, and comes back.
 *
 * `code` is a short word such as `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT`, `NOT_JSON`.
 */
export type Answer =
  | { kind: 'ok'; result: unknown }
  | { kind: 'refused'; error_code: number; description: string; parameters?: ResponseParameters }
  | { kind: 'unreachable'; code: string }
  | { kind: 'no_answer'; code: string; status?: number }
  | { kind: 'unreadable'; code: string; isPassing?: boolean };

/** Reads a whole HTTP answer. Anything but Telegram's envelope (a proxy's page, nothing at all) is `no_answer`. */
export function readAnswer(status: number, body: string): Answer {
  if (body === '') return { kind: 'no_answer', code: 'EMPTY_BODY', status };
  let envelope: unknown;
  try {
    envelope = JSON.parse(body);
  } catch {
    return { kind: 'no_answer', code: 'NOT_JSON', status };
  }
  if (typeof envelope !== 'object' || envelope === null || !('ok' in envelope)) {
    return { kind: 'no_answer', code: 'NOT_TELEGRAM', status };
  }
  if (envelope.ok === true && 'result' in envelope) return { kind: 'ok', result: envelope.result };
  if (envelope.ok !== false) return { kind: 'no_answer', code: 'NOT_TELEGRAM', status };
  const { error_code, description, parameters } = envelope as Record<string, unknown>;
  return {
    kind: 'refused',
    error_code: typeof error_code === 'number' ? error_code : status,
    description: typeof description === 'string' ? description : '',
    ...(typeof parameters === 'object' && parameters !== null ? { parameters } : undefined),
  };
}

/** The short word of an error; its message, stack and properties stay behind, because they may hold the token. */
export function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'UNKNOWN';
}
