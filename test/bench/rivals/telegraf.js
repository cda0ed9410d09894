'use strict';
// Plain telegraf as most people write it: thirty calls at a time, and after a 429 the wait that it says and another try.
const fs = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { Telegram } = require('telegraf');

async function main() {
  const [job = '', apiRoot = ''] = process.argv.slice(2);
  const telegram = new Telegram('8:telegraf', { apiRoot });
  const rest = JSON.parse(fs.readFileSync(job, 'utf8')).values();
  const worker = async () => {
    for (const { chat_id, text } of rest) await send(chat_id, text);
  };
  const send = async (/** @type {number} */ chat, /** @type {string} */ text) => {
    for (;;) {
      try {
        return await telegram.sendMessage(chat, text);
      } catch (error) {
        if (error.code !== 429) throw error;
        await pause(error.parameters.retry_after * 1000);
      }
    }
  };
  await Promise.all(Array.from({ length: 30 }, worker));
}

main();
