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

/** The original body and properties, with the reason in headers of its own: `x-reason`, `x-description`, … */
export function deadLetter(prefix: string, message: ConsumeMessage, queue: string, why: Epitaph): Publication {
  const { headers } = message.properties;
  const { messageId, contentType, contentEncoding } = message.properties as Options.Publish;
  return {
    exchange: names(prefix).dead,
    routingKey: '',
    body: message.content,
    messageId: messageId || randomUUID(),
    properties: {
      contentType,
      contentEncoding,
      headers: {
        ...headers,
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
