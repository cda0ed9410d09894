import type { FieldError } from '../problems';
import { isRecord } from './check-value';
import type { Field } from './types';

type Payload = Readonly<Record<string, unknown>>;
type Rule = (payload: Payload) => FieldError | undefined;

/** Most buttons of a keyboard: below a message, and in place of the user's own. */
const maxButtons = { inline_keyboard: 100, keyboard: 300 };

/** Most bytes of a keyboard as JSON. */
const maxMarkup = 10 * 1024;

/** Content of an album that stands among its own kind only. */
const alone = ['document', 'audio'];

/**
 * What Telegram holds calls to beyond the types of their parameters. Sources: the Bot API's documentation, and its
 * server (telegram-bot-api, Client.cpp; td, MessageContent.cpp).
 */
const rules: Record<string, Rule[]> = {
  sendmediagroup: [albumOfOneKind, captionsOnOneSide],
  sendpaidmedia: [payableStars],
  sendpoll: [quizHasAnAnswer],
  sendgift: [hasReceiver],
  copymessages: [growingIds],
  forwardmessages: [growingIds],
};

/** @param payload Of the right types, its arrays and objects read from the texts of form clients. */
export function checkRules(method: string, payload: Payload, parameters: ReadonlyMap<string, Field>): FieldError[] {
  const all = [...(rules[method] ?? [])];
  if (payload.reply_markup !== undefined) all.push(fewButtons);
  if (parameters.has('inline_message_id') && parameters.has('message_id')) all.push(namesMessage);
  if (all.length === 0) return [];
  return all.map((rule) => rule(payload)).filter((error) => error !== undefined);
}

function fewButtons({ reply_markup }: Payload): FieldError | undefined {
  if (!isRecord(reply_markup)) return undefined;
  for (const [name, most] of Object.entries(maxButtons)) {
    const rows = reply_markup[name];
    const buttons = Array.isArray(rows) ? rows.flat().length : 0;
    if (buttons > most) {
      return { field: `reply_markup.${name}`, message: `must have at most ${most} buttons; it has ${buttons}` };
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(reply_markup));
  return bytes > maxMarkup
    ? { field: 'reply_markup', message: `must be at most ${maxMarkup} bytes as JSON; it has ${bytes}` }
    : undefined;
}

function albumOfOneKind({ media }: Payload): FieldError | undefined {
  const kinds = itemsOf(media).map(({ type }) => String(type));
  const kind = alone.find((one) => kinds.includes(one));
  const other = kinds.findIndex((one) => one !== kind);
  return kind !== undefined && other !== -1
    ? { field: `media.${other}.type`, message: `must be ${kind} as in the rest of the album` }
    : undefined;
}

function captionsOnOneSide({ media }: Payload): FieldError | undefined {
  const above = itemsOf(media).map(({ show_caption_above_media }) => show_caption_above_media ?? false);
  const other = above.findIndex((one) => one !== above[0]);
  return other === -1
    ? undefined
    : { field: `media.${other}.show_caption_above_media`, message: 'must be the same for all of the album' };
}

function payableStars({ star_count }: Payload): FieldError | undefined {
  const isPayable = Number(star_count) >= 1 && Number(star_count) <= 25_000;
  return isPayable ? undefined : { field: 'star_count', message: 'must be 1 to 25000' };
}

function quizHasAnAnswer({ type, correct_option_ids, correct_option_id, options }: Payload): FieldError | undefined {
  if (type !== 'quiz') return undefined;
  const ids = correct_option_ids ?? correct_option_id;
  if (ids === undefined) return { field: 'correct_option_ids', message: 'must be given for a quiz' };
  const count = itemsOf(options).length;
  const wrong = [ids].flat().findIndex((id) => !(Number(id) >= 0 && Number(id) < count));
  return wrong === -1
    ? undefined
    : { field: `correct_option_ids.${wrong}`, message: `must be the index of an option, 0 to ${count - 1}` };
}

function hasReceiver({ user_id, chat_id }: Payload): FieldError | undefined {
  return (user_id ?? chat_id) === undefined ? { field: 'user_id', message: 'must be given, or chat_id' } : undefined;
}

function growingIds({ message_ids }: Payload): FieldError | undefined {
  const ids = (message_ids as unknown[]).map(Number);
  const wrong = ids.findIndex((id, index) => id <= (ids[index - 1] ?? 0));
  return wrong === -1
    ? undefined
    : {
        field: `message_ids.${wrong}`,
        message: 'must be more than the id before it: they have to be in growing order',
      };
}

/** A message of the chat, or one that was sent by inline mode. */
function namesMessage(payload: Payload): FieldError | undefined {
  if (payload.inline_message_id !== undefined) return undefined;
  const missing = ['chat_id', 'message_id'].find((name) => payload[name] === undefined);
  return missing === undefined ? undefined : { field: missing, message: 'must be given, or inline_message_id' };
}

const itemsOf = (list: unknown): Record<string, unknown>[] =>
  (Array.isArray(list) ? (list as unknown[]) : []).map((item) => (isRecord(item) ? item : {}));
