import { webhookName, webhookOrder } from '@app/contracts';
import { deleteWebhook, findWebhooks, Ledger, putWebhook, reportOf } from '@app/ledger';
import { Body, Controller, Delete, Get, Param, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { randomBytes } from 'node:crypto';
import { sendProblem } from '../../accept/http/problem.filter';
import { readFields } from '../fields';
import { Guard } from '@app/guard';
import * as docs from './webhooks.dto';

/** Who is posted events. */
@Controller('v1/webhooks')
@ApiBearerAuth()
@ApiTags('webhooks')
export class WebhooksController {
  constructor(
    private readonly ledger: Ledger,
    private readonly guard: Guard,
  ) {}

  @Put(':name')
  @docs.PutsWebhook()
  async put(@Param('name') name: string, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const read = readFields(webhookOrder, body);
    const errors = 'errors' in read ? read.errors : this.isOpen(read.fields.url);
    const misnamed = webhookName.safeParse(name).error?.issues.map(({ message }) => ({ field: 'name', message })) ?? [];
    if ('errors' in read || errors.length + misnamed.length > 0)
      return sendProblem(reply, 'invalid_webhook', undefined, [...misnamed, ...errors]);
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const { isNew, webhook } = await putWebhook(this.ledger, name, read.fields, secret);
    void reply.status(isNew ? 201 : 200).send({ ...reportOf(webhook), secret: webhook.secret });
  }

  @Get()
  @docs.ListsWebhooks()
  async list(): Promise<object> {
    return { webhooks: (await findWebhooks(this.ledger)).map(reportOf) };
  }

  @Get(':name')
  @docs.ShowsWebhook()
  async show(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    const [webhook] = await findWebhooks(this.ledger, name);
    if (webhook) void reply.send(reportOf(webhook));
    else sendProblem(reply, 'webhook_not_found');
  }

  @Delete(':name')
  @docs.DeletesWebhook()
  async remove(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    if (await deleteWebhook(this.ledger, name)) void reply.status(204).send();
    else sendProblem(reply, 'webhook_not_found');
  }

  private isOpen(url: string) {
    return this.guard.permits(new URL(url))
      ? []
      : [{ field: 'url', message: `cannot be used: ${this.guard.refusal().message}` }];
  }
}
