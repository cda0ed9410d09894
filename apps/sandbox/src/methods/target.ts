import {
  badRequest,
  type Call,
  chatIdOf,
  flagOf,
  integerOf,
  isRecord,
  type Params,
  Refusal,
  tooManyRequests,
} from '../call';
import { accessRefusal, type Chat } from '../chats';
import type { World } from '../world';

/** The chat a call names, if the bot may do anything there. */
export function targetChat(world: World, given: unknown): Chat | Refusal {
  const id = chatIdOf(given);
  if (id === undefined) return badRequest('chat_id is empty');
  const chat = world.chats.open(id);
  if (!chat) return badRequest('chat not found');
  return accessRefusal(chat) ?? chat;
}

/** What a message says about its place in the chat: topic and the message it replies to. */
export function placeParts(chat: Chat, params: Params): Params | Refusal {
  const parts: Params = {};
  const thread = integerOf(params.message_thread_id);
  if (thread) {
    // The General topic is written to without a thread id; Telegram refuses its number on purpose.
    if (thread === 1 || chat.missing_threads.includes(thread)) return badRequest('message thread not found');
    parts.message_thread_id = thread;
    parts.is_topic_message = true;
  }
  const reply = isRecord(params.reply_parameters) ? params.reply_parameters : {};
  const repliedId = integerOf(reply.message_id ?? params.reply_to_message_id);
  if (!repliedId) return parts;
  const replied = chat.timeline.find(repliedId);
  const missing = chat.missing_messages.includes(repliedId) || replied?.deleted;
  if (missing) {
    const optional = flagOf(reply.allow_sending_without_reply ?? params.allow_sending_without_reply);
    return optional ? parts : badRequest('message to be replied not found');
  }
  parts.reply_to_message = { message_id: repliedId, date: 0, ...replied?.message, reply_to_message: undefined };
  if (typeof reply.quote === 'string') parts.quote = { text: reply.quote, position: 0, is_manual: true };
  return parts;
}

/** Spends the limits of bot and chat, or says how long to wait. */
export function takeRoom(world: World, call: Call, chat: Chat, cost: number, edit = false): Refusal | undefined {
  const seconds = world.limits.take({
    at: call.at,
    bot: call.bot,
    chat: chat.id,
    group: chat.type !== 'private',
    cost,
    paid: flagOf(call.params.allow_paid_broadcast),
    edit,
  });
  return seconds > 0 ? tooManyRequests(seconds) : undefined;
}
