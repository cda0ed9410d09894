'use strict';
// What grammY's documents recommend for broadcasts: all calls at once, its throttler, and its auto-retry.
const fs = require('node:fs');
const { Api } = require('grammy');
const { autoRetry } = require('@grammyjs/auto-retry');
const { apiThrottler } = require('@grammyjs/transformer-throttler');

async function main() {
  const [job = '', apiRoot = ''] = process.argv.slice(2);
  const api = new Api('7:grammy', { apiRoot });
  api.config.use(autoRetry());
  api.config.use(apiThrottler());
  const messages = JSON.parse(fs.readFileSync(job, 'utf8'));
  await Promise.allSettled(messages.map(({ chat_id, text }) => api.sendMessage(chat_id, text)));
}

main();
