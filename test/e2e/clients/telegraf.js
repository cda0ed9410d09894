'use strict';
// The programme that every client runs, as users of telegraf write it.
// Arguments: API root, token, folder of files, a chat, a chat that is none, a chat that has blocked the bot.
const path = require('node:path');
const { Telegram } = require('telegraf');
const { step, tell } = require('./told');

async function main() {
  const [apiRoot = '', token = '', folder = '', ...chats] = process.argv.slice(2);
  const [chat = 0, nobody = 0, blocked = 0] = chats.map(Number);
  const telegram = new Telegram(token, { apiRoot });
  const file = (/** @type {string} */ name) => ({ source: path.join(folder, name) });
  const keyboard = { inline_keyboard: [[{ text: 'Acknowledge', callback_data: 'ack:17' }]] };

  await step('getMe', () => telegram.getMe());
  const text = await step('text', () =>
    telegram.sendMessage(chat, '<b>disk</b> is full: 97 % & rising', {
      parse_mode: 'HTML',
      reply_markup: keyboard,
      disable_notification: true,
    }),
  );
  const photo = await step('photo', () =>
    telegram.sendPhoto(chat, file('Überblick.jpg'), { caption: 'the last hour' }),
  );
  await step('album', () =>
    telegram.sendMediaGroup(chat, [
      { type: 'photo', media: file('cpu.png'), caption: '*CPU*', parse_mode: 'MarkdownV2' },
      { type: 'photo', media: photo.photo[0].file_id },
      { type: 'video', media: file('walk.mp4') },
    ]),
  );
  await step('edit', () => telegram.editMessageText(chat, text.message_id, undefined, 'disk: resolved'));
  await step('edit to what it says already', () =>
    telegram.editMessageText(chat, text.message_id, undefined, 'disk: resolved'),
  );
  await step('delete', () => telegram.deleteMessage(chat, photo.message_id));
  await step('to a chat that is none', () => telegram.sendMessage(nobody, 'hello?'));
  await step('to one who blocked the bot', () => telegram.sendMessage(blocked, 'hello?'));
  await step('with bad markup', () => telegram.sendMessage(chat, '<b>never closed', { parse_mode: 'HTML' }));
  await step('without a text', () => telegram.sendMessage(chat, ''));
  tell();
}

main();
