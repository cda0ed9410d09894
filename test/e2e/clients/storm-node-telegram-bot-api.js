'use strict';
// A hurried user of node-telegram-bot-api: all messages at once, two seconds of patience, and the library's own retries.
// Arguments: API root, token, messages as JSON. Prints how many calls have failed in the end.
const { Api } = require('node-telegram-bot-api');

async function main() {
  const [apiRoot = '', token = '', messages = ''] = process.argv.slice(2);
  const api = new Api(token, { apiRoot, timeoutMs: 2000 });
  const ends = await Promise.allSettled(JSON.parse(messages).map((message) => api.sendMessage(message)));
  process.stdout.write(`${ends.filter(({ status }) => status === 'rejected').length}`);
}

main();
