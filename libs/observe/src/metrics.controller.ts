import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';

@Controller('metrics')
@ApiTags('health')
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @ApiOperation({ operationId: 'metrics', summary: 'Prometheus metrics' })
  @ApiOkResponse({ description: 'Text exposition format.', content: { 'text/plain': { schema: { type: 'string' } } } })
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    void reply.type(this.registry.contentType).send(await this.registry.metrics());
  }
}
