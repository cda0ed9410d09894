'use strict';
// The least that can be done by hand: Fastify, one confirm channel of plain amqplib, one durable quorum queue.
const { randomUUID } = require('node:crypto');
const amqp = require('amqplib');
const { fastify } = require('fastify');

async function main() {
  const queue = process.env.QUEUE;
  const connection = await amqp.connect(process.env.RABBITMQ_URL, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  const app = fastify();
  app.get('/health/ready', () => ({ status: 'ok' }));
  app.post('/v1/messages', (request, reply) => {
    const id = randomUUID();
    const body = Buffer.from(JSON.stringify({ id, ...request.body }));
    channel.sendToQueue(queue, body, { persistent: true, contentType: 'application/json' }, (error) =>
      error ? reply.status(503).send({ error: 'not confirmed' }) : reply.status(202).send({ id }),
    );
  });
  await app.listen({ port: Number(process.env.HTTP_PORT), host: '127.0.0.1' });
}

process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));
main();
