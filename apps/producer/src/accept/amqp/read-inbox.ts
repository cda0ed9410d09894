import type { Incoming } from '@app/broker';
import type { Pattern } from '@app/contracts';
import type { ConsumeMessage, Options } from 'amqplib';
import { maxBodyBytes } from '../acceptance';

/** Pattern of what the producer's own listener takes in; never leaves the process. */
export const accept = 'message.accept';

/** Pattern of a dead letter that is to be put on record; never leaves the process. */
export const letterPattern = 'dead-letter.record';

/**
 * Reads a body of the inbox: JSON as for `POST /v1/messages`, the same inside Nest's envelope, or `text/plain` for the
 * chat of the `chat_id` header. AMQP's own `expiration` and `priority` stand for `delivery.ttl` and `delivery.priority`.
 */
export function readInbox(message: ConsumeMessage): Incoming {
  if (message.content.length > maxBodyBytes) return tooLarge;
  const { contentType = '', contentEncoding } = message.properties as Options.Publish;
  if (contentEncoding && !/^(utf-?8|identity)$/i.test(contentEncoding)) {
    return { unreadable: `content_encoding must be utf-8 or not set` };
  }
  const text = decode(message.content);
  if (text === undefined) return { unreadable: 'the body must be UTF-8' };
  if (/^text\/plain\b/i.test(contentType)) {
    const chat: unknown = message.properties.headers?.['chat_id'];
    return { pattern: accept, data: envelope({ text, ...(chat !== undefined && { chat_id: chat }) }, message) };
  }
  const body = parse(text);
  if (typeof body !== 'object' || body === null) {
    return { unreadable: 'the body must be a JSON object, or content_type text/plain' };
  }
  if (!('pattern' in body && 'data' in body)) return { pattern: accept, data: envelope(body, message) };
  if (body.pattern !== ('message.send' satisfies Pattern)) {
    return { unreadable: 'the pattern must be message.send' };
  }
  return { pattern: accept, data: envelope(body.data, message) };
}

/** Reads the body of a plain text queue, whatever its properties say: it is a text for the default chat. */
export function readText({ content }: ConsumeMessage): Incoming {
  if (content.length > maxBodyBytes) return tooLarge;
  const text = decode(content);
  return text === undefined ? { unreadable: 'the body must be UTF-8 text' } : { pattern: accept, data: { text } };
}

const tooLarge: Incoming = { unreadable: `the body must be at most ${maxBodyBytes} bytes` };

const decoder = new TextDecoder('utf-8', { fatal: true });

function decode(content: Buffer): string | undefined {
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Priorities of AMQP run from 0 to 9, and clients send 0 to 4 where nobody asked for one. */
const highFrom = 5;

function envelope(body: unknown, message: ConsumeMessage): unknown {
  return Array.isArray(body) ? body.map((one) => withProperties(one, message)) : withProperties(body, message);
}

function withProperties(body: unknown, { properties }: ConsumeMessage): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { delivery, ...rest } = body as Record<string, unknown>;
  if (delivery !== undefined && (typeof delivery !== 'object' || delivery === null)) return body;
  const ttl = Number(properties.expiration) / 1000;
  const fromProperties = {
    ...(Number.isFinite(ttl) && { ttl: Math.max(1, Math.round(ttl)) }),
    ...(Number(properties.priority) >= highFrom && { priority: 'high' }),
  };
  return { ...rest, delivery: { ...fromProperties, ...delivery } };
}
