import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ProducerSettings } from '../../producer.settings';
import { sendProblem } from './problem.filter';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the API token that the request came with; `anonymous` while there are none. */
    caller: string;
  }
}

/**
 * Lets only those call `/v1/…` who know a secret of API_TOKENS; everybody where there are none, which only a loopback
 * address allows. It asks before the body is read, so that a stranger cannot make the producer parse one.
 */
export function askForBearer(app: NestFastifyApplication, tokens: ProducerSettings['apiTokens']): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('caller', 'anonymous');
  if (tokens.length === 0) return;
  const known = tokens.map(({ name, secret }) => ({ name, digested: digest(secret) }));
  fastify.addHook('onRequest', (request, reply, done) => {
    // By the route that was found: an address can be written in several ways that lead to the same route.
    const guarded = request.routeOptions.url?.startsWith('/v1/') ?? false;
    const [, secret = ''] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
    const caller = guarded && nameOf(secret, known);
    if (caller) request.caller = caller;
    if (!guarded || caller) return done();
    sendProblem(reply, 'unauthorized', 'Authorization must be: Bearer <secret of API_TOKENS>');
  });
}

/** Whose secret it is; takes the same time whichever is right and wherever a wrong one differs. */
function nameOf(secret: string, known: readonly { name: string; digested: Buffer }[]): string | undefined {
  const given = digest(secret);
  return known.filter(({ digested }) => timingSafeEqual(digested, given))[0]?.name;
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
