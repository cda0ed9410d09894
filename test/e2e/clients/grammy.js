'use strict';
// The programme that every client runs, as users of grammY write it.
// Arguments: API root, token, folder of files, a chat, a chat that is none, a chat that has blocked the bot.
const path = require('node:path');
const { Api, InputFile, InputMediaBuilder } = require('grammy');
const { step, tell } = require('./told');

async function main() {
  const [apiRoot = '', token = '', folder = '', ...chats] = process.argv.slice(2);
  const [chat = 0, nobody = 0, blocked = 0] = chats.map(Number);
  const api = new Api(token, { apiRoot });
  const file = (/** @type {string} */ name) => new InputFile(path.join(folder, name));
  const keyboard = { inline_keyboard: [[{ text: 'Acknowledge', callback_data: 'ack:17' }]] };

  await step('getMe', () => api.getMe());
  const text = await step('text', () =>
    api.sendMessage(chat, '<b>disk</b> is full: 97 % & rising', {
      parse_mode: 'HTML',
      reply_markup: keyboard,
      disable_notification: true,
    }),
  );
  const photo = await step('photo', () => api.sendPhoto(chat, file('Überblick.jpg'), { caption: 'the last hour' }));
  await step('album', () =>
    api.sendMediaGroup(chat, [
      InputMediaBuilder.photo(file('cpu.png'), { caption: '*CPU*', parse_mode: 'MarkdownV2' }),
      InputMediaBuilder.photo(photo.photo[0].file_id),
      InputMediaBuilder.video(file('walk.mp4')),
    ]),
  );
  await step('edit', () => api.editMessageText(chat, text.message_id, 'disk: resolved'));
  await step('edit to what it says already', () => api.editMessageText(chat, text.message_id, 'disk: resolved'));
  await step('delete', () => api.deleteMessage(chat, photo.message_id));
  await step('to a chat that is none', () => api.sendMessage(nobody, 'hello?'));
  await step('to one who blocked the bot', () => api.sendMessage(blocked, 'hello?'));
  await step('with bad markup', () => api.sendMessage(chat, '<b>never closed', { parse_mode: 'HTML' }));
  await step('without a text', () => api.sendMessage(chat, ''));
  tell();
}

main();
