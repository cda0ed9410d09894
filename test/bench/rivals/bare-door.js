'use strict';
// The least that can be done by hand: Fastify, a map of replies, and a timer that answers exactly as many as Telegram allows.
const { randomUUID } = require('node:crypto');
const { fastify } = require('fastify');

const perSecond = 30;

async function main() {
  const waiting = new Map();
  let sent = 0;
  const app = fastify();
  app.get('/health/ready', () => ({ status: 'ok' }));
  app.post('/bot:token/:method', (request, reply) => {
    waiting.set(randomUUID(), { reply, message: request.body });
  });
  setInterval(() => {
    for (const [id, { reply, message }] of [...waiting].slice(0, perSecond)) {
      waiting.delete(id);
      reply.send({ ok: true, result: { message_id: ++sent, ...message } });
    }
  }, 1_000);
  await app.listen({ port: Number(process.env.HTTP_PORT), host: '127.0.0.1' });
}

process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));
main();
