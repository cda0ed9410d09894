import { webhookList, webhookMade, webhookOrder, webhookReport } from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
} from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { LedgerProblems } from '../problems';

class WebhookOrderDto extends createZodDto(webhookOrder) {}
class WebhookReportDto extends createZodDto(webhookReport) {}
class WebhookMadeDto extends createZodDto(webhookMade) {}
class WebhookListDto extends createZodDto(webhookList) {}

const named = ApiParam({ name: 'name', schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' } });

export const PutsWebhook = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'putWebhook',
      summary: 'Makes or changes a webhook',
      description:
        'Events are posted as at `GET /v1/events`, signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). ' +
        'A new one is told of what happens from now on; a change goes on where it was, and enables what was disabled.',
    }),
    named,
    ApiBody({ type: WebhookOrderDto }),
    ApiCreatedResponse({ description: 'It is new.', type: WebhookMadeDto }),
    ApiOkResponse({ description: 'It is changed.', type: WebhookMadeDto }),
    LedgerProblems('invalid_webhook', 'invalid_body', 'payload_too_large', 'unsupported_media_type'),
  );

export const ListsWebhooks = () =>
  applyDecorators(
    ApiOperation({ operationId: 'listWebhooks', summary: 'Lists the webhooks and how they stand' }),
    ApiOkResponse({ description: 'All of them, by name.', type: WebhookListDto }),
    LedgerProblems(),
  );

export const ShowsWebhook = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getWebhook', summary: 'Shows how a webhook stands' }),
    named,
    ApiOkResponse({ description: 'All but its secret.', type: WebhookReportDto }),
    LedgerProblems('webhook_not_found'),
  );

export const DeletesWebhook = () =>
  applyDecorators(
    ApiOperation({ operationId: 'deleteWebhook', summary: 'Deletes a webhook' }),
    named,
    ApiNoContentResponse({ description: 'Nothing more is posted to it.' }),
    LedgerProblems('webhook_not_found'),
  );
