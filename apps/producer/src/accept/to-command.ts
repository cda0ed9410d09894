import {
  checkCall,
  defaultBot,
  parametersOf,
  type Delivery,
  type FieldError,
  type Message,
  type SendMessage,
} from '@app/contracts';
import { uuidv7 } from 'uuidv7';
import { compose } from './compose';
import { without } from './written-text';

/** Which method a kind of content goes by, when the caller names none. Source: Bot API 10.3. */
const methodOf = {
  text: 'sendMessage',
  rich_message: 'sendRichMessage',
  photo: 'sendPhoto',
  live_photo: 'sendLivePhoto',
  video: 'sendVideo',
  animation: 'sendAnimation',
  audio: 'sendAudio',
  document: 'sendDocument',
  sticker: 'sendSticker',
  voice: 'sendVoice',
  video_note: 'sendVideoNote',
  media: 'sendMediaGroup',
  question: 'sendPoll',
  phone_number: 'sendContact',
  address: 'sendVenue',
  latitude: 'sendLocation',
  checklist: 'sendChecklist',
  emoji: 'sendDice',
  action: 'sendChatAction',
} as const;

const contents = Object.keys(methodOf) as (keyof typeof methodOf)[];

export interface Defaults {
  chatId: string | undefined;
  bots: readonly string[];
}

/** Turns what a caller handed in into the command that travels; or says which fields stand in the way. */
export function toCommand(message: Message, defaults: Defaults): SendMessage | FieldError[] {
  const { method: named, format, delivery = {}, ...payload } = message;
  const method = named ?? inferMethod(message);
  if (typeof method !== 'string') return [method];

  const chat = payload.chat_id ?? (needsChat(method) ? defaults.chatId : undefined);
  if (chat === undefined && needsChat(method)) {
    return [{ field: 'chat_id', message: 'must be given: TELEGRAM_DEFAULT_CHAT_ID is not set' }];
  }
  const bot = delivery.bot ?? defaultBot;
  if (!defaults.bots.includes(bot)) {
    return [{ field: 'delivery.bot', message: `must be a bot that is set up here: ${defaults.bots.join(', ')}` }];
  }
  const own = { ...payload, ...(chat !== undefined && { chat_id: chat }) };
  const faults = checkCall(method, own);
  if (faults.length > 0) return faults;
  const composed = compose(method, inGeneral(own) ? without(own, ['message_thread_id']) : own, {
    ...{ format, overflow: delivery.overflow },
  });
  if ('field' in composed) return [composed];

  const now = Date.now();
  const sendAt = sendAtOf(delivery, now);
  return {
    version: composed.rest ? 2 : 1,
    id: uuidv7(),
    bot,
    ...composed,
    ...(chat !== undefined && { chat_id: chat }),
    priority: delivery.priority ?? 'normal',
    on_uncertain: delivery.on_uncertain ?? 'resend',
    ...(sendAt > now && { send_at: sendAt }),
    ...(delivery.ttl !== undefined && { expires_at: sendAt + delivery.ttl * 1000 }),
    ...(delivery.ref !== undefined && { ref: delivery.ref }),
    created_at: now,
  };
}

/** When it is to be sent: now, unless the caller named a later moment. */
function sendAtOf({ send_at, delay = 0 }: Delivery, now: number): number {
  return Math.max(now, send_at === undefined ? now + delay * 1000 : Date.parse(send_at));
}

function inferMethod(message: Message): string | FieldError {
  const found = contents.filter((content) => message[content] !== undefined);
  // A venue is a location with an address.
  const [first, second] = found.filter((content) => content !== 'latitude' || !found.includes('address'));
  if (first && second) {
    return { field: 'method', message: `must be given, since there is more than one content: ${found.join(', ')}` };
  }
  if (!first) {
    return { field: 'method', message: `must be given, or one content of: ${contents.join(', ')}` };
  }
  return methodOf[first];
}

/** Telegram refuses the id of the topic that a forum shows as General, and takes its absence for it. */
const inGeneral = ({ message_thread_id }: Record<string, unknown>): boolean => String(message_thread_id) === '1';

/** Methods that send to a chat; of those that are known, the ones that cannot do without. */
const needsChat = (method: string): boolean =>
  /^(send|copy|forward)/i.test(method) && (parametersOf(method)?.get('chat_id')?.required ?? !parametersOf(method));
