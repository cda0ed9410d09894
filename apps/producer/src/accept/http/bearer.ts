import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ProducerSettings } from '../../producer.settings';
import { Secrets } from '../secrets';
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
  const callers = new Secrets(tokens.map(({ name, secret }) => [secret, name] as const));
  fastify.addHook('onRequest', (request, reply, done) => {
    // By the route that was found: an address can be written in several ways that lead to the same route.
    const guarded = request.routeOptions.url?.startsWith('/v1/') ?? false;
    const [, secret = ''] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
    const caller = guarded && callers.meaningOf(secret);
    if (caller) request.caller = caller;
    if (!guarded || caller) return done();
    sendProblem(reply, 'unauthorized', 'Authorization must be: Bearer <secret of API_TOKENS>');
  });
}
