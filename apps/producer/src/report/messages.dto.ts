import { messagePage, messageQuery, messageReport } from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Problems } from '../accept/http/messages.dto';

class MessageQueryDto extends createZodDto(messageQuery) {}
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
    Problems('invalid_query', 'unauthorized', 'internal', 'ledger_unavailable'),
  );

/** What the OpenAPI document says of `GET /v1/messages/<id>`. */
export const ShowsMessage = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getMessage', summary: 'Says what became of a message' }),
    id,
    ApiOkResponse({ description: 'Everything that is known of it.', type: MessageReportDto }),
    Problems('unauthorized', 'message_not_found', 'internal', 'ledger_unavailable'),
  );

/** What the OpenAPI document says of `DELETE /v1/messages/<id>`. */
export const CancelsMessage = () =>
  applyDecorators(
    ApiOperation({ operationId: 'cancelMessage', summary: 'Cancels a message that is not sent yet' }),
    id,
    ApiOkResponse({ description: 'It will not be sent.', type: MessageReportDto }),
    Problems('unauthorized', 'message_not_found', 'not_cancellable', 'internal', 'ledger_unavailable'),
  );
