import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOperation, ApiParam, getSchemaPath } from '@nestjs/swagger';
import { form, MessageDto, Problems, QueuedMessageDto } from './messages.dto';

/** What the OpenAPI document says of `PATCH /v1/messages/<id>`. */
export const EditsMessage = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'editMessage',
      summary: 'Edits a message, sent or not',
      description:
        'The body is the new content, in the fields that it would be sent by: `text`; `caption`; `media`, or a photo, video, ' +
        'animation, audio or document; or `reply_markup` alone. Beside a content, buttons that are not given again are taken ' +
        'away. Bot, chat and priority are those of the message; the edit comes after it, and before a newer one or not at ' +
        'all. A form carries the file of a medium.',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: getSchemaPath(MessageDto) },
            examples: { text: { summary: 'Another text', value: { text: 'Resolved: disk /var' } } },
          },
          'multipart/form-data': { schema: form },
        },
      },
    }),
    ApiParam({ name: 'id', description: 'Of the message to edit.', schema: { type: 'string', format: 'uuid' } }),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'As for `POST /v1/messages`.', schema: { type: 'string', minLength: 1, maxLength: 255 } }), // prettier-ignore
    ApiAcceptedResponse({ description: 'The broker has confirmed the edit, which is a message of its own.', type: QueuedMessageDto }), // prettier-ignore
    Problems(
      ...(['invalid_message', 'invalid_body', 'bad_request', 'invalid_idempotency_key', 'unauthorized'] as const),
      ...(['message_not_found', 'not_editable', 'idempotency_in_flight', 'payload_too_large'] as const),
      ...([
        'unsupported_media_type',
        'idempotency_key_reused',
        'internal',
        'broker_unavailable',
        'broker_refused',
      ] as const),
      ...(['unroutable', 'unconfirmed', 'ledger_unavailable', 'files_unavailable', 'cross_site_form'] as const),
    ),
  );
