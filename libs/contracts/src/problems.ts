import { z } from 'zod';

/** Every `code` of an error answer (RFC 9457): one closed list; docs/errors.md is generated from it. */
export const problems = {
  invalid_message: { status: 400, title: 'The message is not valid', help: '`errors[]` names each field and what would be right.' }, // prettier-ignore
  invalid_body: { status: 400, title: 'The body is not valid JSON', help: 'Send one JSON object, or an array of up to 1000.' }, // prettier-ignore
  unauthorized: { status: 401, title: 'The bearer token is missing or wrong', help: 'Send `Authorization: Bearer <secret>` with a secret of API_TOKENS.' }, // prettier-ignore
  invalid_query: { status: 400, title: 'The query is not valid', help: '`errors[]` names each field and what would be right.' }, // prettier-ignore
  message_not_found: { status: 404, title: 'No message has this id', help: 'It was never accepted here, or is older than LEDGER_RETENTION.' }, // prettier-ignore
  not_cancellable: { status: 409, title: 'The message cannot be cancelled any more', help: 'Only what is not sent yet can be.' }, // prettier-ignore
  not_editable: { status: 409, title: 'The message cannot be edited', help: 'Only what is sent or still to be sent can be, until it is recalled; an edit cannot be edited itself.' }, // prettier-ignore
  chat_not_suppressed: { status: 404, title: 'Nothing keeps messages from this chat', help: 'See `GET /v1/chats?suppressed=true`.' }, // prettier-ignore
  dead_letter_not_found: { status: 404, title: 'No dead letter has this id', help: 'It was deleted, or is older than LEDGER_RETENTION.' }, // prettier-ignore
  not_replayable: { status: 409, title: 'It cannot be sent again', help: 'A message must be over and not sent; a dead letter is replayed once.' }, // prettier-ignore
  body_not_kept: { status: 409, title: 'Its content was not kept', help: 'LEDGER_BODIES is off: move the letter back from the queue of dead letters instead.' }, // prettier-ignore
  invalid_webhook: { status: 400, title: 'The webhook is not valid', help: '`errors[]` names each field and what would be right.' }, // prettier-ignore
  webhook_not_found: { status: 404, title: 'No webhook has this name', help: 'See `GET /v1/webhooks`.' },
  not_found: { status: 404, title: 'There is nothing at this address', help: 'See /docs for the endpoints.' },
  payload_too_large: { status: 413, title: 'The body is too large', help: 'At most 4 MiB a request, beside at most 50 files of at most UPLOAD_LIMIT; split large arrays.' }, // prettier-ignore
  unsupported_media_type: { status: 415, title: 'The body is of a kind that is not read here', help: 'Send `Content-Type: application/json`, or `multipart/form-data` where files are taken.' }, // prettier-ignore
  cross_site_form: { status: 403, title: 'A form that comes from a web page elsewhere is not taken', help: 'Set API_TOKENS, and send a bearer.' }, // prettier-ignore
  bad_request: { status: 400, title: 'The request is not valid HTTP for this endpoint', help: 'The detail says what is wrong.' }, // prettier-ignore
  invalid_idempotency_key: { status: 400, title: 'The Idempotency-Key is not valid', help: 'Send 1 to 255 printable ASCII characters, quoted or bare.' }, // prettier-ignore
  idempotency_in_flight: { status: 409, title: 'The first request with this Idempotency-Key is still being taken in', help: 'Send it again in a few seconds.' }, // prettier-ignore
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used with another body', help: 'Use a new key for a new request.' }, // prettier-ignore
  ledger_unavailable: { status: 503, title: 'The ledger cannot be used now', help: 'Nothing was accepted. Send it again after `Retry-After`.' }, // prettier-ignore
  internal: { status: 500, title: 'A fault in TelegraMQ', help: 'Nothing was accepted. The log of the producer has the cause.' }, // prettier-ignore
  files_unavailable: { status: 503, title: 'The store of files cannot be used now', help: 'Nothing was accepted. Send it again after `Retry-After`.' }, // prettier-ignore
  file_gone: { status: 409, title: 'A file of the message is not kept any more', help: 'Files are deleted when their message is over. Send it as a new message, with its file.' }, // prettier-ignore
  broker_unavailable: { status: 503, title: 'The broker cannot be reached or does not take messages now', help: 'Nothing was accepted. Send it again after `Retry-After`.' }, // prettier-ignore
  broker_refused: { status: 503, title: 'The broker refused the message', help: 'Nothing was accepted: its queue is full. Send it again after `Retry-After`.' }, // prettier-ignore
  unroutable: { status: 503, title: 'The bot has no delivery queue', help: 'Nothing was accepted. Its queue was deleted, and is declared again now: send it again after `Retry-After`.' }, // prettier-ignore
  unconfirmed: { status: 503, title: 'The broker’s confirm did not come, or not for all of it', help: 'The broker may have it, or a part of an array, and deliver it. Send it again where twice is better than never.' }, // prettier-ignore
} as const satisfies Record<string, { status: number; title: string; help: string }>;

export type ProblemCode = keyof typeof problems;

/** A field that is not right, and what would be. */
export const fieldError = z.object({
  field: z.string().describe('Path of the field, e.g. `delivery.ttl`; starts with the index in an array.'),
  message: z.string().describe('What would be right.'),
});

export type FieldError = z.infer<typeof fieldError>;

/** The body of every error answer: `application/problem+json`. */
export const problem = z.object({
  type: z.string().describe('The code as a URN; docs/errors.md explains it.'),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string().optional(),
  errors: z.array(fieldError).optional(),
});

export type Problem = z.infer<typeof problem>;
