import type { SendMessage } from '@app/contracts';
import { Body, Controller, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Enqueue } from '../../enqueue/enqueue';
import { Acceptance } from '../acceptance';
import { BearerGuard } from './bearer.guard';
import { SendsMessages, type QueuedMessageDto } from './messages.dto';
import { sendProblem } from './problem.filter';

@Controller('v1/messages')
@UseGuards(BearerGuard)
@ApiBearerAuth()
@ApiTags('messages')
export class MessagesController {
  constructor(
    private readonly acceptance: Acceptance,
    private readonly enqueue: Enqueue,
  ) {}

  /** The reply is written by hand, because Nest's own way of answering costs a third of this endpoint's rate. */
  @Post()
  @SendsMessages()
  async send(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = this.acceptance.read(body);
    if ('errors' in read) return sendProblem(reply, 'invalid_message', undefined, read.errors);
    const refused = await this.enqueue.enqueue('message.send', read.commands);
    if (refused) return sendProblem(reply, refused);
    const queued = read.commands.map(toQueued);
    void reply.status(202);
    if (Array.isArray(body)) void reply.send(queued);
    else void reply.header('location', `/v1/messages/${queued[0]?.id}`).send(queued[0]);
  }
}

const toQueued = ({ id, chat_id, method, created_at }: SendMessage): QueuedMessageDto => ({
  id,
  status: 'queued',
  ...(chat_id !== undefined && { chat_id }),
  method,
  created_at: new Date(created_at).toISOString(),
});
