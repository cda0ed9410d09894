import type { BlobFile, SendMessage } from '@app/contracts';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Enqueue } from '../../enqueue/enqueue';
import { Acceptance, type Read } from '../acceptance';
import { Once, type Taken } from '../once';
import { toQueued } from '../queued';
import type { Refused } from '../uploads/form';
import { bodyOf, faultOf, meaningOf, Uploads } from '../uploads/uploads';
import type {} from './bearer';
import { readIdempotencyKey } from './idempotency-key';
import { SendsMessages } from './messages.dto';
import { sendProblem } from './problem.filter';

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
    if (body === undefined) return this.sendForm(request, reply, header.key);
    const read = this.acceptance.read(body);
    if ('errors' in read) return sendProblem(reply, 'invalid_message', undefined, read.errors);
    this.answer(reply, Array.isArray(body), await this.take(caller, header.key, body, read.commands));
  }

  /** As {@link send}, of a form; its files are discarded unless its messages are taken. */
  private async sendForm({ raw, caller }: FastifyRequest, reply: FastifyReply, key?: string): Promise<void> {
    const form = await this.uploads.read(raw);
    if ('problem' in form) return sendProblem(reply, form.problem, form.detail, form.errors);
    const { files } = form;
    const made = bodyOf(form);
    const read = 'problem' in made ? made : this.acceptance.read(made.body, files);
    const refused = refusalOf(read, files);
    if ('problem' in made || !('commands' in read) || refused) {
      await this.uploads.discard(files);
      return sendProblem(reply, refused?.problem ?? 'internal', refused?.detail, refused?.errors);
    }
    const taken = await this.take(caller, key, meaningOf(made.body, files), read.commands);
    // Under a key that came before, the first files stand for these; what messages need stays in any case.
    const isOver = !('problem' in taken) || /^idempotency/.test(taken.problem);
    if (key ? isOver : 'problem' in taken) await this.uploads.discard(files);
    this.answer(reply, Array.isArray(made.body), taken);
  }

  private answer(reply: FastifyReply, isArray: boolean, taken: Taken): void {
    if ('problem' in taken) return sendProblem(reply, taken.problem);
    const queued = taken.commands.map(toQueued);
    void reply.status(202);
    if (taken.replayed) void reply.header('idempotency-replayed', 'true');
    if (isArray) void reply.send(queued);
    else void reply.header('location', `/v1/messages/${queued[0]?.id}`).send(queued[0]);
  }

  private async take(caller: string, key: string | undefined, body: unknown, commands: SendMessage[]): Promise<Taken> {
    const enqueue = (all: SendMessage[]) => this.enqueue.enqueue('message.send', all);
    if (key !== undefined) return this.once.take(`${caller} POST /v1/messages`, key, body, commands, enqueue);
    const problem = await enqueue(commands);
    return problem ? { problem } : { commands, replayed: false };
  }
}

/** Why a form is not taken, if so. */
function refusalOf(read: Read | Refused, files: readonly BlobFile[]): Refused | undefined {
  if ('problem' in read) return read;
  if ('errors' in read) return { problem: 'invalid_message', errors: read.errors };
  return faultOf(files, read.commands);
}
