import { eventQuery, messageEvent } from '@app/contracts';
import { lastSeq, Ledger } from '@app/ledger';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { createZodDto } from 'nestjs-zod';
import { sendProblem } from '../../accept/http/problem.filter';
import { readFields } from '../fields';
import { EventFeed, type Listener } from './feed';
import { LedgerProblems } from '../problems';

class EventQueryDto extends createZodDto(eventQuery) {}
class MessageEventDto extends createZodDto(messageEvent) {}

/** A connection without events is kept alive by a comment so often, in milliseconds: proxies cut silent ones after 30 s or more. */
const heartbeatMs = 15_000;
/** What may lie unread for one listener, in bytes, before it has to come again with `Last-Event-ID`. */
const mostUnread = 1024 * 1024;

/** What happens to messages, as server-sent events. */
@Controller('v1/events')
@ApiBearerAuth()
@ApiTags('events')
@ApiExtraModels(MessageEventDto)
export class EventsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly feed: EventFeed,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listenToEvents', summary: 'Tells what happens to messages, as server-sent events' })
  @ApiQuery({ type: EventQueryDto })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on after that event; from now on without.' })
  @ApiOkResponse({
    description: 'One event a change: `id` is its number, `event` is `message.<status>`, `data` is this as JSON.',
    content: { 'text/event-stream': { schema: { $ref: getSchemaPath(MessageEventDto) } } },
  })
  @LedgerProblems('invalid_query')
  async listen(
    @Query() query: unknown,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = readFields(eventQuery, { ...Object(query), ...(lastEventId && { last_event_id: lastEventId }) });
    if ('errors' in read) return sendProblem(reply, 'invalid_query', undefined, read.errors);
    const { last_event_id, ...wants } = read.fields;
    this.stream(reply, last_event_id ?? (await lastSeq(this.ledger)), wants);
  }

  private stream(reply: FastifyReply, seq: number, wants: Listener['wants']): void {
    reply.hijack();
    const { raw } = reply;
    if (raw.destroyed) return; // Gone while the ledger was asked: its `close` would never come.
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write('retry: 2000\n\n');
    const heartbeat = setInterval(() => raw.write(':\n\n'), heartbeatMs);
    const listener: Listener = {
      seq,
      wants,
      hear: (events) => {
        raw.write(events.map((one) => `id: ${one.seq}\nevent: message.${one.status}\ndata: ${one.data}\n\n`).join(''));
        if (raw.writableLength > mostUnread) raw.destroy();
      },
      end: () => raw.end(),
    };
    raw.on('close', () => {
      clearInterval(heartbeat);
      this.feed.remove(listener);
    });
    this.feed.add(listener);
  }
}
