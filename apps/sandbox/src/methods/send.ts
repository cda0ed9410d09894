import { badRequest, type Call, chatIdOf, type Done, flagOf, type Params, Refusal, textOf } from '../call';
import { type Chat, chatView } from '../chats';
import type { Message, SentMessage } from '../timeline';
import type { World } from '../world';
import { contentOf } from './content';
import { type ReplyMarkup, replyMarkup } from './markup';
import { placeParts, takeRoom, targetChat } from './target';

/** The user that a bot is. */
export const botUser = (bot: string) => ({
  id: Number(bot),
  is_bot: true,
  first_name: `Bot ${bot}`,
  username: `bot_${bot}_bot`,
});

/** What every message of one call has in common, once all checks are passed. */
export interface Place {
  chat: Chat;
  parts: Params;
  markup: ReplyMarkup;
}

/** Checks chat, topic, reply and keyboard and spends the limits for `cost` messages. */
export function prepare(world: World, call: Call, cost: number): Place | Refusal {
  const markup = replyMarkup(call.params.reply_markup);
  if (markup instanceof Refusal) return markup;
  const chat = targetChat(world, call.params.chat_id);
  if (chat instanceof Refusal) return chat;
  const parts = placeParts(chat, call.params);
  if (parts instanceof Refusal) return parts;
  return takeRoom(world, call, chat, cost) ?? { chat, parts, markup };
}

/** Puts a message into its chat. */
export function post(world: World, call: Call, { chat, parts, markup }: Place, content: Params): Message {
  const message: Message = {
    message_id: chat.timeline.nextId(),
    ...(chat.type === 'channel' ? { sender_chat: chatView(chat) } : { from: botUser(call.bot) }),
    chat: chatView(chat),
    date: Math.floor(call.at / 1000),
    ...parts,
    ...content,
    ...(flagOf(call.params.protect_content) ? { has_protected_content: true } : {}),
    ...(typeof call.params.message_effect_id === 'string' ? { effect_id: call.params.message_effect_id } : {}),
    ...(markup.inline ? { reply_markup: markup.inline } : {}),
  };
  const sent: SentMessage = {
    kind: 'message',
    method: call.method,
    message,
    silent: flagOf(call.params.disable_notification),
    edits: 0,
    deleted: false,
    pinned: false,
    ...(markup.keyboard ? { keyboard: markup.keyboard } : {}),
  };
  world.chats.record(chat, sent);
  return message;
}

export const sent = (messages: Message[], result: unknown): Done => ({
  result,
  message_ids: messages.map(({ message_id }) => message_id),
});

/** Any `send…` method that makes one message. */
export function sendOne(world: World, call: Call): Done | Refusal {
  if (chatIdOf(call.params.chat_id) === undefined) return badRequest('chat_id is empty');
  const content = contentOf(world, call);
  if (content instanceof Refusal) return content;
  const place = prepare(world, call, 1);
  if (place instanceof Refusal) return place;
  const message = post(world, call, place, content);
  return sent([message], message);
}

/** `sendChatAction`, drafts and other calls to a chat that leave no message in it. */
export function signal(world: World, call: Call): Done | Refusal {
  const chat = targetChat(world, call.params.chat_id ?? call.params.user_id);
  if (chat instanceof Refusal) return chat;
  if (call.method.toLowerCase() === 'sendchataction' && textOf(call.params.action) === '') {
    return badRequest('wrong parameter action in request');
  }
  return { result: true, message_ids: [] };
}
