import type { SendMessage } from '@app/contracts';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Enqueue } from '../../enqueue/enqueue';
import { Acceptance } from '../acceptance';
import { SendsMessages, type QueuedMessageDto } from './messages.dto';
import { sendProblem } from './problem.filter';

@Controller('v1/messages')
@ApiBearerAuth()
@ApiTags('messages')
export class MessagesController {
  constructor(
    private readonly acceptance: Acceptance,
    private readonly enqueue: Enqueue,
  ) {}

  /** Request and reply are taken by hand, because this is the busiest way in, and Nest's pipes cost it time. */
  @Post()
  @SendsMessages()
  async send(@Req() { body }: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
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
