import * as contracts from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiExtraModels, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { ApiOperation, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { MessageDto, Problems, QueuedMessageDto } from '../../accept/http/messages.dto';
import { LedgerProblems } from '../problems';

class DeadLetterQueryDto extends createZodDto(contracts.deadLetterQuery) {}
class DeadLetterPageDto extends createZodDto(contracts.deadLetterPage) {}
class DeadLetterDto extends createZodDto(contracts.deadLetterReport) {}
class ReplayOrderDto extends createZodDto(contracts.replayOrder) {}
class ReplayAnswerDto extends createZodDto(contracts.replayAnswer) {}
class PurgeQueryDto extends createZodDto(contracts.purgeQuery) {}
class PurgeAnswerDto extends createZodDto(contracts.purgeAnswer) {}

export const FindsLetters = () =>
  applyDecorators(
    ApiOperation({ operationId: 'findDeadLetters', summary: 'Finds what was given up, the newest first' }),
    ApiQuery({ type: DeadLetterQueryDto }),
    ApiOkResponse({ description: 'One page.', type: DeadLetterPageDto }),
    LedgerProblems('invalid_query'),
  );

export const ShowsLetter = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getDeadLetter', summary: 'Shows a dead letter with its body' }),
    ApiOkResponse({ description: 'All of it.', type: DeadLetterDto }),
    LedgerProblems('dead_letter_not_found'),
  );

export const ReplaysOne = (operationId: string, summary: string) =>
  applyDecorators(
    ApiExtraModels(MessageDto),
    ApiOperation({ operationId, summary, description: 'What the body names takes the place of what the message had.' }),
    ApiBody({ required: false, schema: { $ref: getSchemaPath(MessageDto) } }),
    ApiAcceptedResponse({ description: 'A new message is queued.', type: QueuedMessageDto }),
    Problems('invalid_message', 'message_not_found', 'dead_letter_not_found', 'not_replayable', 'body_not_kept'),
    LedgerProblems('broker_unavailable', 'broker_refused', 'unroutable', 'unconfirmed'),
  );

export const ReplaysLetters = () =>
  applyDecorators(
    ApiOperation({ operationId: 'replayDeadLetters', summary: 'Sends all dead letters again that match' }),
    ApiBody({ type: ReplayOrderDto }),
    ApiOkResponse({ description: 'So many would be sent.', type: ReplayAnswerDto }),
    ApiAcceptedResponse({ description: 'So many are sent in the background.', type: ReplayAnswerDto }),
    LedgerProblems('invalid_query'),
  );

export const PurgesLetters = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'purgeDeadLetters',
      summary: 'Forgets dead letters that match',
      description: 'The queue `<prefix>.dead` is left as it is.',
    }),
    ApiQuery({ type: PurgeQueryDto }),
    ApiOkResponse({ description: 'So many are gone.', type: PurgeAnswerDto }),
    LedgerProblems('invalid_query'),
  );

export const DeletesLetter = () =>
  applyDecorators(
    ApiOperation({ operationId: 'deleteDeadLetter', summary: 'Forgets a dead letter' }),
    ApiNoContentResponse({ description: 'It is gone.' }),
    LedgerProblems('dead_letter_not_found'),
  );
