import { cancelQuery, foundMessage, messageQuery } from '@app/contracts';
import { cancelMessage, findMessage, Ledger, MessageRecord, searchMessages } from '@app/ledger';
import { Controller, Delete, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Edits } from '../accept/edits';
import { sendTaken } from '../accept/http/send-taken';
import { sendProblem } from '../accept/http/problem.filter';
import { CancelsMessage, FindsMessages, ShowsMessage } from './messages.dto';
import { readFields } from './fields';

/** Says what became of messages, and cancels those that are not sent yet. */
@Controller('v1/messages')
@ApiBearerAuth()
@ApiTags('messages')
export class ReportController {
  constructor(
    private readonly ledger: Ledger,
    private readonly record: MessageRecord,
    private readonly edits: Edits,
  ) {}

  @Get()
  @FindsMessages()
  async find(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = readFields(messageQuery, query);
    if ('errors' in read) return sendProblem(reply, 'invalid_query', undefined, read.errors);
    await this.record.flushed();
    const messages = await searchMessages(this.ledger, read.fields);
    const next = messages.length === read.fields.limit ? (messages.at(-1)?.id ?? null) : null;
    void reply.send({ messages, next });
  }

  @Get(':id')
  @ShowsMessage()
  async show(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    if (!isId(id)) return sendProblem(reply, 'message_not_found');
    await this.record.flushed();
    const message = await findMessage(this.ledger, id);
    if (message) void reply.send(message);
    else sendProblem(reply, 'message_not_found');
  }

  @Delete(':id')
  @CancelsMessage()
  async cancel(@Param('id') id: string, @Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = readFields(cancelQuery, query);
    if ('errors' in read) return sendProblem(reply, 'invalid_query', undefined, read.errors);
    if (!isId(id)) return sendProblem(reply, 'message_not_found');
    await this.record.flushed();
    const done = await cancelMessage(this.ledger, id);
    if (!done) return sendProblem(reply, 'message_not_found');
    if (!done.cancelled && read.fields.recall) return sendTaken(reply, await this.edits.recall(id));
    if (!done.cancelled) return sendProblem(reply, 'not_cancellable', `The message is ${done.status}.`);
    void reply.send(await findMessage(this.ledger, id));
  }
}

const isId = (text: string): boolean => foundMessage.shape.id.safeParse(text).success;
