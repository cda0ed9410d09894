import type { BlobFile, SendMessage } from '@app/contracts';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Enqueue } from '../../enqueue/enqueue';
import { Acceptance } from '../acceptance';
import { Once } from '../once';
import type { Taken } from '../taken';
import { faultOf, meaningOf, Uploads } from '../uploads/uploads';
import type {} from './bearer';
import { readIdempotencyKey } from './idempotency-key';
import { SendsMessages } from './messages.dto';
import { sendProblem } from './problem.filter';
import { sendTaken } from './send-taken';

@Controller('v1/messages')
@ApiBearerAuth()
@ApiTags('messages')
export class MessagesController {
  constructor(
    private readonly acceptance: Acceptance,
    private readonly enqueue: Enqueue,
    private readonly once: Once,
    private readonly uploads: Uploads,
  ) {}

  /** Request and reply are taken by hand, because this is the busiest way in, and Nest's pipes cost it time. */
  @Post()
  @SendsMessages()
  async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { body, caller, headers } = request;
    const header = readIdempotencyKey(headers['idempotency-key']);
    if ('problem' in header) return sendProblem(reply, 'invalid_idempotency_key', header.problem);
    if (body !== undefined) return sendTaken(reply, await this.take(caller, header.key, body), Array.isArray(body));
    let isArray = false;
    const taken = await this.uploads.taken(request.raw, header.key, (read, files) => {
      isArray = Array.isArray(read);
      return this.take(caller, header.key, read, files);
    });
    sendTaken(reply, taken, isArray);
  }

  private async take(
    caller: string,
    key: string | undefined,
    body: unknown,
    files: readonly BlobFile[] = [],
  ): Promise<Taken> {
    const read = this.acceptance.read(body, files);
    if ('errors' in read) return { problem: 'invalid_message', errors: read.errors };
    const { commands } = read;
    const fault = faultOf(files, commands);
    if (fault) return fault;
    const enqueue = (all: SendMessage[]) => this.enqueue.enqueue('message.send', all);
    if (key !== undefined)
      return this.once.take(`${caller} POST /v1/messages`, key, meaningOf(body, files), commands, enqueue);
    const problem = await enqueue(commands);
    return problem ? { problem } : { commands, replayed: false };
  }
}
