'use strict';
// The least that can be done by hand: plain amqplib, manual acknowledgement, one undici call a message, no limits.
const http = require('node:http');
const amqp = require('amqplib');
const { Pool } = require('undici');

async function main() {
  const { RABBITMQ_URL, QUEUE, TELEGRAM_API_ROOT, TELEGRAM_BOT_TOKEN, CONSUMER_HTTP_PORT } = process.env;
  const pool = new Pool(TELEGRAM_API_ROOT, { connections: 64 });
  const path = `/bot${TELEGRAM_BOT_TOKEN}/sendMessage`;
  const connection = await amqp.connect(RABBITMQ_URL, { noDelay: true });
  const channel = await connection.createChannel();
  await channel.assertQueue(QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.prefetch(300);
  await channel.consume(QUEUE, async (message) => {
    const { chat_id, text } = JSON.parse(message.content.toString());
    const { body } = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id, text }),
    });
    const answer = await body.json();
    if (answer.ok) channel.ack(message);
    else channel.nack(message, false, true);
  });
  http.createServer((_, response) => response.end('{"status":"ok"}')).listen(Number(CONSUMER_HTTP_PORT), '127.0.0.1');
}

main();
