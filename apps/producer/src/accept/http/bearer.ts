import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ProducerSettings } from '../../producer.settings';
import { sendProblem } from './problem.filter';

/**
 * Lets only those call `/v1/…` who know a secret of API_TOKENS; everybody where there are none, which only a loopback
 * address allows. It asks before the body is read, so that a stranger cannot make the producer parse one.
 */
export function askForBearer(app: NestFastifyApplication, tokens: ProducerSettings['apiTokens']): void {
  if (tokens.length === 0) return;
  const known = tokens.map(({ secret }) => digest(secret));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    // By the route that was found: an address can be written in several ways that lead to the same route.
    const guarded = request.routeOptions.url?.startsWith('/v1/') ?? false;
    const [, secret = ''] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!guarded || isKnown(secret, known)) return done();
    sendProblem(reply, 'unauthorized', 'Authorization must be: Bearer <secret of API_TOKENS>');
  });
}

/** Takes the same time whichever secret is right and wherever a wrong one differs. */
function isKnown(secret: string, known: readonly Buffer[]): boolean {
  const given = digest(secret);
  return known.map((digested) => timingSafeEqual(digested, given)).includes(true);
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
