import { maxBatch, message, problem, queuedMessage } from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';

export class MessageDto extends createZodDto(message) {}
export class QueuedMessageDto extends createZodDto(queuedMessage) {}
export class ProblemDto extends createZodDto(problem) {}

const oneOrMany = (dto: typeof MessageDto | typeof QueuedMessageDto) => ({
  oneOf: [
    { $ref: getSchemaPath(dto) },
    { type: 'array', minItems: 1, maxItems: maxBatch, items: { $ref: getSchemaPath(dto) } },
  ],
});

const problemAnswer = (status: number, description: string) =>
  ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
  });

/** What the OpenAPI document says of `POST /v1/messages`. */
export const SendsMessages = () =>
  applyDecorators(
    ApiExtraModels(MessageDto, QueuedMessageDto, ProblemDto),
    ApiOperation({
      operationId: 'sendMessages',
      summary: 'Sends a message, or an array of them',
      description:
        'The body is the parameters of a Bot API method in Telegram’s own names, plus `method`, `format` and `delivery`. ' +
        'An array is taken as a whole or refused as a whole.',
    }),
    ApiBody({ schema: oneOrMany(MessageDto) }),
    ApiResponse({
      status: 202,
      description: 'The broker has confirmed the message on a durable queue.',
      headers: { Location: { description: 'Where the message is; not for arrays.', schema: { type: 'string' } } },
      content: { 'application/json': { schema: oneOrMany(QueuedMessageDto) } },
    }),
    problemAnswer(400, 'A field is wrong; `errors[]` names each one.'),
    problemAnswer(401, 'The bearer token is missing or wrong.'),
    problemAnswer(413, 'The body is too large.'),
    problemAnswer(415, 'The body is not JSON.'),
    problemAnswer(503, 'The broker does not take the message now; nothing was accepted.'),
  );
