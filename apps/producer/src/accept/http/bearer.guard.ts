import { Inject, Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';

/** Lets in who knows a secret of API_TOKENS; everybody where there are none, which only a loopback address allows. */
@Injectable()
export class BearerGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor(@Inject(PRODUCER_SETTINGS) { apiTokens }: ProducerSettings) {
    this.digests = apiTokens.map(({ secret }) => digest(secret));
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.digests.length === 0) return true;
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const [, secret = ''] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    if (!this.knows(secret)) throw new UnauthorizedException('Authorization must be: Bearer <secret of API_TOKENS>');
    return true;
  }

  /** Takes the same time whichever secret is right and wherever a wrong one differs. */
  private knows(secret: string): boolean {
    const given = digest(secret);
    return this.digests.map((known) => timingSafeEqual(known, given)).includes(true);
  }
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
