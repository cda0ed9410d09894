import { Controller, Get, HttpException, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { READINESS, type Readiness } from './readiness';

/** What Terminus answers with: `info` holds what is up, `error` what is down, `details` both. */
const checked = (...statuses: ('ok' | 'error' | 'shutting_down')[]) => {
  const parts = {
    type: 'object',
    additionalProperties: { type: 'object', properties: { status: { type: 'string' } } },
  };
  const overall = { type: 'string', enum: statuses };
  return { schema: { type: 'object', properties: { status: overall, info: parts, error: parts, details: parts } } };
};

@Controller('health')
@ApiTags('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(READINESS) private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @ApiOperation({ operationId: 'live', summary: 'The process answers; restart it when it does not' })
  @ApiOkResponse({
    description: 'It answers.',
    schema: { type: 'object', properties: { status: { type: 'string', enum: ['ok'] } } },
  })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'ready', summary: 'Each thing that the app needs is up (200) or not (503)' })
  @ApiOkResponse({ description: 'Everything is up.', ...checked('ok') })
  @ApiServiceUnavailableResponse({
    description: 'Something is down, or the app is stopping.',
    ...checked('error', 'shutting_down'),
  })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const checks = Object.entries(this.readiness).map(([name, up]) => () => {
      const indicator = this.indicators.check(name);
      return up() ? indicator.up() : indicator.down();
    });
    // Terminus throws its answer when something is down; it is an answer all the same.
    const result = await this.health.check(checks).catch((error: unknown) => {
      if (error instanceof HttpException) return error;
      throw error;
    });
    if (result instanceof HttpException) void reply.status(503).send(result.getResponse());
    else void reply.send(result);
  }
}
