import { names, type Reason } from '@app/contracts';
import type { ConsumeMessage, Options } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { Publication } from './publication';

/** Why a message is given up, for the headers of its dead letter. */
export interface Epitaph {
  reason: Reason;
  /** In words: what was wrong, or what Telegram said. */
  description?: string;
  /** Telegram's `error_code`. */
  errorCode?: number;
  /** Calls to Telegram that were made. */
  attempts?: number;
}

/**
 * The original body, id, content type and plain headers, with the reason in headers of its own: `x-reason`,
 * `x-description`, … What a hostile sender put into the others could not be encoded again, or not within a frame.
 */
export function deadLetter(prefix: string, message: ConsumeMessage, queue: string, why: Epitaph): Publication {
  const { headers } = message.properties;
  const { messageId, contentType, contentEncoding } = message.properties as Options.Publish;
  return {
    exchange: names(prefix).dead,
    routingKey: '',
    body: message.content,
    messageId: short(messageId) || randomUUID(),
    properties: {
      contentType: short(contentType),
      contentEncoding: short(contentEncoding),
      headers: {
        ...plain(headers),
        'x-reason': why.reason,
        ...(why.description !== undefined && { 'x-description': why.description.slice(0, 1000) }),
        ...(why.errorCode !== undefined && { 'x-error-code': why.errorCode }),
        ...(why.attempts !== undefined && { 'x-attempts': why.attempts }),
        'x-queue': queue,
        'x-failed-at': new Date().toISOString(),
      },
    },
  };
}

/** AMQP's short strings hold at most 255 bytes. */
const short = (text: string | undefined): string | undefined =>
  text !== undefined && Buffer.byteLength(text) <= 255 ? text : undefined;

/** Most headers kept, and how long a text among them may be. */
const mostHeaders = 50;
const longestHeader = 500;

/** Headers whose value is a text, a number or a flag; CC, which would make the broker copy the letter, is none of them. */
function plain(headers: Record<string, unknown> = {}): Record<string, unknown> {
  const kept = Object.entries(headers).filter(
    ([name, value]) =>
      short(name) !== undefined &&
      /^(string|number|boolean)$/.test(typeof value) &&
      String(value).length <= longestHeader,
  );
  return Object.fromEntries(kept.slice(0, mostHeaders));
}
