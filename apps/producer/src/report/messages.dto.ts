import { cancelQuery, messagePage, messageQuery, messageReport } from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { QueuedMessageDto } from '../accept/http/messages.dto';
import { LedgerProblems } from './problems';

class MessageQueryDto extends createZodDto(messageQuery) {}
class CancelQueryDto extends createZodDto(cancelQuery) {}
class MessagePageDto extends createZodDto(messagePage) {}
class MessageReportDto extends createZodDto(messageReport) {}

const id = ApiParam({
  name: 'id',
  description: 'Of the answer to the POST.',
  schema: { type: 'string', format: 'uuid' },
});

/** What the OpenAPI document says of `GET /v1/messages`. */
export const FindsMessages = () =>
  applyDecorators(
    ApiOperation({ operationId: 'findMessages', summary: 'Finds messages, the newest first' }),
    ApiQuery({ type: MessageQueryDto }),
    ApiOkResponse({ description: 'One page.', type: MessagePageDto }),
    LedgerProblems('invalid_query'),
  );

/** What the OpenAPI document says of `GET /v1/messages/<id>`. */
export const ShowsMessage = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getMessage', summary: 'Says what became of a message' }),
    id,
    ApiOkResponse({ description: 'Everything that is known of it.', type: MessageReportDto }),
    LedgerProblems('message_not_found'),
  );

/** What the OpenAPI document says of `DELETE /v1/messages/<id>`. */
export const CancelsMessage = () =>
  applyDecorators(
    ApiOperation({ operationId: 'cancelMessage', summary: 'Cancels a message that is not sent yet, or recalls it' }),
    id,
    ApiQuery({ type: CancelQueryDto }),
    ApiAcceptedResponse({
      description: 'It is sent: the message that deletes it in its chat.',
      type: QueuedMessageDto,
    }),
    ApiOkResponse({ description: 'It will not be sent.', type: MessageReportDto }),
    LedgerProblems(
      'invalid_query',
      'message_not_found',
      'not_cancellable',
      'broker_unavailable',
      'broker_refused',
      'unroutable',
      'unconfirmed',
    ),
  );
