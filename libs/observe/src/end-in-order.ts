import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long the end waits for answers, in milliseconds: a body may never come whole, and its client never hear. Less than
 * the 10 s after which Docker kills, with time for what comes after.
 */
const patienceMs = 5000;

/**
 * Ends the app by SIGTERM or SIGINT with exit code 0, once every request that had come is answered. Connections without
 * one are closed then. Node waits for those as well: for ever for one that never asked anything, as browsers and
 * balancers open them ahead of need, and for as long as keep-alive lasts, 72 s, after the last answer on any other.
 */
export function endInOrder(app: NestFastifyApplication): void {
  // Otherwise Nest ends the process by the signal itself, which no supervisor takes for a success.
  app.enableShutdownHooks([], { useProcessExit: true });

  const fastify = app.getHttpAdapter().getInstance();
  const unanswered = new Set<ServerResponse>();
  fastify.server.on('request', (_, reply: ServerResponse) => {
    unanswered.add(reply);
    reply.on('close', () => unanswered.delete(reply));
  });
  // From here on Fastify answers new requests with 503, and closes when this is done.
  fastify.addHook('preClose', async () => {
    const answered = Promise.all([...unanswered].map((reply) => once(reply, 'close')));
    await Promise.race([answered, pause(patienceMs, undefined, { ref: false })]);
    fastify.server.closeAllConnections();
  });
}
