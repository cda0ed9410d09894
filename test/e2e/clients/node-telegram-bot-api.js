'use strict';
// The programme that every client runs, as users of node-telegram-bot-api write it.
// Arguments: API root, token, folder of files, a chat, a chat that is none, a chat that has blocked the bot.
const path = require('node:path');
const { Api, MediaGroupBuilder } = require('node-telegram-bot-api');
const { fromPath } = require('node-telegram-bot-api/node');
const { step, tell } = require('./told');

async function main() {
  const [apiRoot = '', token = '', folder = '', chat_id = '', nobody = '', blocked = ''] = process.argv.slice(2);
  const api = new Api(token, { apiRoot });
  const file = (/** @type {string} */ name) => fromPath(path.join(folder, name));
  const keyboard = { inline_keyboard: [[{ text: 'Acknowledge', callback_data: 'ack:17' }]] };

  await step('getMe', () => api.getMe());
  const text = await step('text', () =>
    api.sendMessage({
      chat_id,
      text: '<b>disk</b> is full: 97 % & rising',
      parse_mode: 'HTML',
      reply_markup: keyboard,
      disable_notification: true,
    }),
  );
  const photo = await step('photo', async () =>
    api.sendPhoto({ chat_id, photo: await file('Überblick.jpg'), caption: 'the last hour' }),
  );
  await step('album', async () =>
    api.sendMediaGroup({
      chat_id,
      media: new MediaGroupBuilder()
        .photo({ media: await file('cpu.png'), caption: '*CPU*', parse_mode: 'MarkdownV2' })
        .photo({ media: photo.photo[0].file_id })
        .video({ media: await file('walk.mp4') })
        .build(),
    }),
  );
  const { message_id } = text;
  await step('edit', () => api.editMessageText({ chat_id, message_id, text: 'disk: resolved' }));
  await step('edit to what it says already', () =>
    api.editMessageText({ chat_id, message_id, text: 'disk: resolved' }),
  );
  await step('delete', () => api.deleteMessage({ chat_id, message_id: photo.message_id }));
  await step('to a chat that is none', () => api.sendMessage({ chat_id: nobody, text: 'hello?' }));
  await step('to one who blocked the bot', () => api.sendMessage({ chat_id: blocked, text: 'hello?' }));
  await step('with bad markup', () => api.sendMessage({ chat_id, text: '<b>never closed', parse_mode: 'HTML' }));
  await step('without a text', () => api.sendMessage({ chat_id, text: '' }));
  tell();
}

main();
