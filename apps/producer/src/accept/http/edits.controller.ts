import { foundMessage } from '@app/contracts';
import { Controller, Param, Patch, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Edits, type Taking } from '../edits';
import { toQueued } from '../queued';
import type {} from './bearer';
import { EditsMessage } from './edits.dto';
import { readIdempotencyKey } from './idempotency-key';
import { sendProblem } from './problem.filter';

/** Changes messages where they stand. */
@Controller('v1/messages')
@ApiBearerAuth()
@ApiTags('messages')
export class EditsController {
  constructor(private readonly edits: Edits) {}

  @Patch(':id')
  @EditsMessage()
  async edit(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const header = readIdempotencyKey(request.headers['idempotency-key']);
    if ('problem' in header) return sendProblem(reply, 'invalid_idempotency_key', header.problem);
    if (!foundMessage.shape.id.safeParse(id).success) return sendProblem(reply, 'message_not_found');
    sendEdit(reply, await this.edits.edit(id, request.body, request.caller, header.key));
  }
}

/** Answers with the message that changes another, or with why there is none. */
export function sendEdit(reply: FastifyReply, taken: Taking): void {
  if ('problem' in taken) {
    const { problem, detail, errors } = { detail: undefined, errors: undefined, ...taken };
    return sendProblem(reply, problem, detail, errors);
  }
  const [command] = taken.commands;
  if (taken.replayed) void reply.header('idempotency-replayed', 'true');
  void reply.status(202).header('location', `/v1/messages/${command!.id}`).send(toQueued(command!));
}
