import { chatPage, chatQuery } from '@app/contracts';
import { findChats, Ledger, liftSuppression } from '@app/ledger';
import { Controller, Delete, Get, HttpCode, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { createZodDto } from 'nestjs-zod';
import { sendProblem } from '../accept/http/problem.filter';
import { readFields } from './fields';
import { LedgerProblems } from './problems';

class ChatQueryDto extends createZodDto(chatQuery) {}
class ChatPageDto extends createZodDto(chatPage) {}

/** Says what is known of chats. */
@Controller('v1/chats')
@ApiBearerAuth()
@ApiTags('chats')
export class ChatsController {
  constructor(private readonly ledger: Ledger) {}

  @Get()
  @ApiOperation({ operationId: 'findChats', summary: 'Finds chats that moved, or that messages do not reach' })
  @ApiQuery({ type: ChatQueryDto })
  @ApiOkResponse({ description: 'One page.', type: ChatPageDto })
  @LedgerProblems('invalid_query')
  async find(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = readFields(chatQuery, query);
    if ('errors' in read) return sendProblem(reply, 'invalid_query', undefined, read.errors);
    const chats = await findChats(this.ledger, read.fields);
    const last = chats.length === read.fields.limit ? chats.at(-1) : undefined;
    void reply.send({ chats, next: last ? `${last.bot}/${last.chat_id}` : null });
  }

  @Delete(':bot/:chat/suppression')
  @HttpCode(204)
  @ApiOperation({ operationId: 'liftSuppression', summary: 'Forgets why a chat is not reached' })
  @ApiNoContentResponse({ description: 'It is forgotten.' })
  @LedgerProblems('chat_not_suppressed')
  async lift(@Param('bot') bot: string, @Param('chat') chat: string, @Res() reply: FastifyReply): Promise<void> {
    if (await liftSuppression(this.ledger, bot, chat)) void reply.status(204).send();
    else sendProblem(reply, 'chat_not_suppressed');
  }
}
