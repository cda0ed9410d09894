import { foundMessage, type BlobFile } from '@app/contracts';
import { Controller, Param, Patch, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Edits } from '../edits';
import { Uploads } from '../uploads/uploads';
import type {} from './bearer';
import { EditsMessage } from './edits.dto';
import { readIdempotencyKey } from './idempotency-key';
import { sendProblem } from './problem.filter';
import { sendTaken } from './send-taken';

/** Changes messages where they stand. */
@Controller('v1/messages')
@ApiBearerAuth()
@ApiTags('messages')
export class EditsController {
  constructor(
    private readonly edits: Edits,
    private readonly uploads: Uploads,
  ) {}

  @Patch(':id')
  @EditsMessage()
  async edit(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const header = readIdempotencyKey(request.headers['idempotency-key']);
    if ('problem' in header) return sendProblem(reply, 'invalid_idempotency_key', header.problem);
    if (!foundMessage.shape.id.safeParse(id).success) return sendProblem(reply, 'message_not_found');
    const { body, caller } = request;
    const edit = (read: unknown, files?: readonly BlobFile[]) =>
      this.edits.edit(id, read, { caller, key: header.key, files });
    sendTaken(reply, body === undefined ? await this.uploads.taken(request.raw, header.key, edit) : await edit(body));
  }
}
