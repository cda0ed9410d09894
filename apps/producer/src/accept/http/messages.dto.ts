import { maxBatch, message, problem, problems, queuedMessage, type ProblemCode } from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { retryAfterSeconds } from './problem.filter';

export class MessageDto extends createZodDto(message) {}
export class QueuedMessageDto extends createZodDto(queuedMessage) {}
export class ProblemDto extends createZodDto(problem) {}

const oneOrMany = (dto: typeof MessageDto | typeof QueuedMessageDto) => ({
  oneOf: [
    { $ref: getSchemaPath(dto) },
    { type: 'array', minItems: 1, maxItems: maxBatch, items: { $ref: getSchemaPath(dto) } },
  ],
});

const json = (description: string) => ({ type: 'string', description: `JSON text: ${description}` });

/** One message by its fields, or any number in one field; and files beside them. */
export const form = {
  type: 'object',
  description:
    'Fields are parameters as in JSON; those that are objects or arrays, as JSON text. Files are parts that are named like ' +
    'their parameter, as `photo`, or referred to by `attach://<name of the part>`.',
  properties: {
    messages: json('a message, or an array of them, in place of all other fields; files are referred to there.'),
    delivery: json('as in JSON.'),
    media: json('as in JSON, of an album; files are referred to there.'),
  },
  additionalProperties: { anyOf: [{ type: 'string' }, { type: 'string', format: 'binary' }] },
};

/** What else a problem of that status says. */
const headersOf = {
  401: { 'WWW-Authenticate': { description: '`Bearer`', schema: { type: 'string' as const } } },
  503: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' as const, example: retryAfterSeconds } } },
};

const problemAnswers = (...codes: ProblemCode[]) =>
  [...new Set(codes.map((code) => problems[code].status))].map((status) =>
    ApiResponse({
      status,
      description: codes
        .filter((code) => problems[code].status === status)
        .map((code) => `\`${code}\`: ${problems[code].title}.`)
        .join(' '),
      ...(status in headersOf && { headers: headersOf[status as keyof typeof headersOf] }),
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );

/** The problems that an endpoint can answer with. */
export const Problems = (...codes: ProblemCode[]) => applyDecorators(...problemAnswers(...codes));

const examples = {
  text: { summary: 'A text to the default chat', value: { text: 'The backup is done.' } },
  formatted: {
    summary: 'A formatted text to a chat, not later than in ten minutes',
    value: {
      chat_id: '@my_channel',
      text: 'Disk <b>/var</b> is full',
      format: 'html',
      delivery: { priority: 'high', ttl: '10m', ref: 'alert-4711' },
    },
  },
  photo: { summary: 'A photo by its address', value: { chat_id: 123456789, photo: 'https://example.org/cat.jpg' } },
  method: {
    summary: 'Any method of the Bot API, with its own parameters',
    value: { method: 'editMessageText', chat_id: 123456789, message_id: 17, text: 'The backup has failed.' },
  },
  array: { summary: 'Several messages', value: [{ text: 'One' }, { text: 'Two', delivery: { priority: 'bulk' } }] },
};

/** What the OpenAPI document says of `POST /v1/messages`. */
export const SendsMessages = () =>
  applyDecorators(
    ApiExtraModels(MessageDto, QueuedMessageDto, ProblemDto),
    ApiOperation({
      operationId: 'sendMessages',
      summary: 'Sends a message, or an array of them',
      description:
        'The body is the parameters of a Bot API method in Telegram’s own names, plus `method`, `format` and `delivery`. ' +
        'Parameters that are not listed pass untouched. A form carries files as well. An array is checked as a whole: one ' +
        'wrong element refuses all of them.',
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: oneOrMany(MessageDto), examples },
          'multipart/form-data': { schema: form },
        },
      },
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Text of the caller’s, quoted or bare, kept for 24 hours: the same key and body lead to the first answer again, and nothing is sent twice.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiResponse({
      status: 202,
      description: 'The broker has confirmed the message on a durable queue.',
      headers: {
        Location: { description: 'Where the message is; not for arrays.', schema: { type: 'string' } },
        'Idempotency-Replayed': {
          description: '`true` where an earlier request with the same key was accepted.',
          schema: { type: 'string', enum: ['true'] },
        },
      },
      content: { 'application/json': { schema: oneOrMany(QueuedMessageDto) } },
    }),
    ...problemAnswers('invalid_message', 'invalid_body', 'bad_request', 'invalid_idempotency_key'),
    ...problemAnswers('unauthorized', 'cross_site_form', 'payload_too_large'),
    ...problemAnswers('unsupported_media_type', 'internal'),
    ...problemAnswers('idempotency_in_flight', 'idempotency_key_reused', 'file_gone'),
    ...problemAnswers(
      'broker_unavailable',
      'broker_refused',
      'unroutable',
      'unconfirmed',
      'ledger_unavailable',
      'files_unavailable',
    ),
  );
