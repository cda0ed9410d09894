/** Parameters of a Bot API call, in Telegram's names; structured ones already decoded from their JSON text. */
export type Params = Record<string, unknown>;

/** A file that came with a call. Only its fingerprint is kept, never its bytes. */
export interface UploadedFile {
  field: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  sha256: string;
}

/** One Bot API call that arrived in full. */
export interface Call {
  /** When its last byte was read: milliseconds since the epoch, with a fraction. */
  at: number;
  /** Digits before the colon of the token; empty when the token had no such shape. The secret is kept nowhere. */
  bot: string;
  /** As the client spelled it; Telegram compares method names without case. */
  method: string;
  params: Params;
  files: UploadedFile[];
}

/** What Telegram answers when it says no. An expected failure, so a value and not an exception. */
export class Refusal {
  constructor(
    readonly error_code: number,
    readonly description: string,
    readonly parameters?: { retry_after?: number; migrate_to_chat_id?: number },
  ) {}
}

/** What Telegram answers when it has done what was asked. */
export interface Done {
  result: unknown;
  /** Ids of the messages that this call created or changed. */
  message_ids: number[];
}

export const badRequest = (what: string) => new Refusal(400, `Bad Request: ${what}`);
export const forbidden = (what: string) => new Refusal(403, `Forbidden: ${what}`);
export const tooManyRequests = (seconds: number) =>
  new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });

/** The sub-millisecond wall clock of the journal. */
export const now = () => performance.timeOrigin + performance.now();

export type ChatId = number | string;

/** Whole numbers become numbers, so that "5" and 5 name one chat; `@name` stays; nothing given is `undefined`. */
export function chatIdOf(value: unknown): ChatId | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const text = value.trim();
  return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
}

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** Telegram reads `true`, `True`, `1`, `yes` as yes; anything else is no. */
export const flagOf = (value: unknown): boolean =>
  value === true || value === 1 || /^(true|1|yes)$/i.test(textOf(value));

export const integerOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
};

export const isRecord = (value: unknown): value is Params =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
