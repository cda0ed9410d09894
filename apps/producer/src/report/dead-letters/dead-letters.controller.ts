import { deadLetterQuery, purgeQuery, replayOrder } from '@app/contracts';
import { deleteLetters, findLetter, findLetters, Ledger } from '@app/ledger';
import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { sendProblem } from '../../accept/http/problem.filter';
import { toQueued } from '../../accept/queued';
import { readFields } from '../fields';
import * as docs from './dead-letters.dto';
import { Replay, type Edit, type Replayed } from './replay';

/** Shows what was given up, sends it again, and forgets it. */
@Controller('v1')
@ApiBearerAuth()
@ApiTags('dead letters')
export class DeadLettersController {
  constructor(
    private readonly ledger: Ledger,
    private readonly replay: Replay,
  ) {}

  @Get('dead-letters')
  @docs.FindsLetters()
  async find(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = readFields(deadLetterQuery, query);
    if ('errors' in read) return sendProblem(reply, 'invalid_query', undefined, read.errors);
    const letters = await findLetters(this.ledger, read.fields);
    const last = letters.length === read.fields.limit ? letters.at(-1) : undefined;
    void reply.send({ dead_letters: letters, next: last ? `${Date.parse(last.failed_at)}-${last.id}` : null });
  }

  @Get('dead-letters/:id')
  @docs.ShowsLetter()
  async show(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const letter = await findLetter(this.ledger, id);
    if (letter) void reply.send(letter);
    else sendProblem(reply, 'dead_letter_not_found');
  }

  @Post('dead-letters/replay')
  @docs.ReplaysLetters()
  async replayAll(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = readFields(replayOrder, body);
    if ('errors' in read) return sendProblem(reply, 'invalid_query', undefined, read.errors);
    const { filter, rate, dry_run } = read.fields;
    const matched = await this.replay.all(filter, rate, dry_run);
    void reply.status(dry_run ? 200 : 202).send({ matched, dry_run });
  }

  @Post('dead-letters/:id/replay')
  @docs.ReplaysOne('replayDeadLetter', 'Sends a dead letter again')
  async replayLetter(@Param('id') id: string, @Body() edit: unknown, @Res() reply: FastifyReply): Promise<void> {
    answer(reply, await this.replay.letter(id, Object(edit ?? {}) as Edit));
  }

  @Post('messages/:id/replay')
  @docs.ReplaysOne('replayMessage', 'Sends a message again that is over and was not sent')
  async replayMessage(@Param('id') id: string, @Body() edit: unknown, @Res() reply: FastifyReply): Promise<void> {
    answer(reply, await this.replay.message(id, Object(edit ?? {}) as Edit));
  }

  @Delete('dead-letters')
  @docs.PurgesLetters()
  async purge(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = readFields(purgeQuery, query);
    if ('errors' in read) return sendProblem(reply, 'invalid_query', undefined, read.errors);
    const { all, ...filter } = read.fields;
    if (!all && Object.keys(filter).length === 0) {
      const errors = [{ field: 'all', message: 'must be true where there is no filter' }];
      return sendProblem(reply, 'invalid_query', undefined, errors);
    }
    void reply.send({ deleted: await deleteLetters(this.ledger, filter) });
  }

  @Delete('dead-letters/:id')
  @docs.DeletesLetter()
  async remove(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    if (await deleteLetters(this.ledger, { id })) void reply.status(204).send();
    else sendProblem(reply, 'dead_letter_not_found');
  }
}

function answer(reply: FastifyReply, replayed: Replayed): void {
  if ('problem' in replayed) return sendProblem(reply, replayed.problem, undefined, replayed.errors);
  const queued = toQueued(replayed.command);
  void reply.status(202).header('location', `/v1/messages/${queued.id}`).send(queued);
}
