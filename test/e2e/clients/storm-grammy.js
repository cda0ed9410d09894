'use strict';
// A hurried user of grammY: all messages at once, two seconds of patience, and the auto-retry plugin, three times.
// Arguments: API root, token, messages as JSON. Prints how many calls have failed in the end.
const { Api } = require('grammy');
const { autoRetry } = require('@grammyjs/auto-retry');

async function main() {
  const [apiRoot = '', token = '', messages = ''] = process.argv.slice(2);
  const api = new Api(token, { apiRoot, timeoutSeconds: 2 });
  api.config.use(autoRetry({ maxRetryAttempts: 2 }));
  const ends = await Promise.allSettled(
    JSON.parse(messages).map(({ chat_id, text }) => api.sendMessage(chat_id, text)),
  );
  process.stdout.write(`${ends.filter(({ status }) => status === 'rejected').length}`);
}

main();
