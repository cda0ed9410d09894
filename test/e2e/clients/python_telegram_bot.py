"""The programme that every client runs, as users of python-telegram-bot write it.

Arguments: API root, token, folder of files, a chat, a chat that is none, a chat that has blocked the bot.
"""

import json
import os
import sys

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, InputMediaVideo
from telegram.error import TelegramError

root, token, folder, chat, nobody, blocked = sys.argv[1:]
bot = Bot(token, base_url=f'{root}/bot', base_file_url=f'{root}/file/bot')
told = []


def step(name, call):
    """Makes one call and puts on record what came of it."""
    try:
        result = call()
    except TelegramError as error:
        told.append({'step': name, 'error': {'name': type(error).__name__, 'message': str(error)}})
        return None
    plain = [each.to_dict() for each in result] if isinstance(result, list) else result
    told.append({'step': name, 'result': plain.to_dict() if hasattr(plain, 'to_dict') else plain})
    return result


def file(name):
    return open(os.path.join(folder, name), 'rb')


keyboard = InlineKeyboardMarkup([[InlineKeyboardButton('Acknowledge', callback_data='ack:17')]])

step('getMe', bot.get_me)
text = step('text', lambda: bot.send_message(
    chat, '<b>disk</b> is full: 97 % & rising', parse_mode='HTML', reply_markup=keyboard, disable_notification=True))
photo = step('photo', lambda: bot.send_photo(chat, file('Überblick.jpg'), caption='the last hour'))
step('album', lambda: bot.send_media_group(chat, [
    InputMediaPhoto(file('cpu.png'), caption='*CPU*', parse_mode='MarkdownV2'),
    InputMediaPhoto(photo.photo[0].file_id),
    InputMediaVideo(file('walk.mp4')),
]))
step('edit', lambda: bot.edit_message_text('disk: resolved', chat, text.message_id))
step('edit to what it says already', lambda: bot.edit_message_text('disk: resolved', chat, text.message_id))
step('delete', lambda: bot.delete_message(chat, photo.message_id))
step('to a chat that is none', lambda: bot.send_message(nobody, 'hello?'))
step('to one who blocked the bot', lambda: bot.send_message(blocked, 'hello?'))
step('with bad markup', lambda: bot.send_message(chat, '<b>never closed', parse_mode='HTML'))
step('without a text', lambda: bot.send_message(chat, ''))

json.dump(told, sys.stdout)
