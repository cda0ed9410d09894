import type { CallAnswer } from '@app/contracts';
import type { FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';

/** Answers as Telegram does: its envelope, the error’s code as HTTP status, and `Retry-After` beside `retry_after`. */
export function sendAnswer(reply: FastifyReply, answer: CallAnswer): void {
  const wait = answer.ok ? undefined : answer.parameters?.retry_after;
  if (wait !== undefined) void reply.header('retry-after', wait);
  // By `content-type` alone, since Fastify would add a charset that Telegram does not send.
  void reply
    .status(statusOf(answer))
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify(answer)));
}

function statusOf(answer: CallAnswer): number {
  if (answer.ok) return 200;
  return answer.error_code >= 400 && answer.error_code <= 599 ? answer.error_code : 500;
}

/** A refusal of that HTTP status in its usual words, which are Telegram’s as well. */
export const refusal = (error_code: number, description = STATUS_CODES[error_code] ?? 'Error'): CallAnswer => ({
  ok: false,
  error_code,
  description,
});

/** When a client is to come back, in seconds, where nothing is known of its wait: it waits for Telegram’s answer then. */
export const comeBackSeconds = 5;

/**
 * Asks the client to make its call again: 429 is the one answer after which every client of the Bot API knows that nothing
 * was sent and when to come back, while some take a 502 for lost. Telegram’s own server says it when it shuts down.
 */
export const later = (seconds: number): CallAnswer => ({
  ...{ ok: false, error_code: 429, description: `Too Many Requests: retry after ${seconds}` },
  parameters: { retry_after: seconds },
});
