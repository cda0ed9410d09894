import { instead, type Reason, type SendMessage } from '@app/contracts';
import type { Mended, Outcome } from '../outcome';

type Payload = SendMessage['payload'];

const formatting = ['parse_mode', 'entities', 'caption_entities'];
const reply = ['reply_parameters', 'reply_to_message_id'];
/** After these the server may take what the message is to be instead. */
const asks: ReadonlySet<Reason> = new Set(['method_not_found', 'bad_markup', 'too_long', 'bad_request'] as const);

/**
 * What can be changed so that a refused message arrives all the same: in the chat that its chat became, by its fallback,
 * as plain text, outside a topic that is gone, or as no reply. Undefined where there is nothing to change, e.g. the second
 * time.
 */
export function mend(command: SendMessage, outcome: Outcome): Mended | undefined {
  if (outcome.kind !== 'rejected') return undefined;
  if (outcome.isStale) return { command };
  if (command.exact) return undefined; // Its client is to hear what Telegram says.
  if (outcome.isFetchable) return { command, degradation: 'fetched' };
  if (command.fallback && asks.has(outcome.reason)) return simpler(command);
  switch (outcome.reason) {
    case 'chat_migrated':
      return outcome.migratedTo === undefined ? undefined : toChat(command, outcome.migratedTo);
    case 'bad_markup':
      return without(command, formatting, 'plain_text');
    case 'thread_not_found':
      return without(command, ['message_thread_id'], 'without_thread');
    case 'reply_not_found':
      return without(command, reply, 'without_reply');
    default:
      return undefined;
  }
}

/** The message by its fallback. */
export function simpler(command: SendMessage): Mended {
  const whole = instead(command);
  return { command: whole, whole, degradation: 'not_rich' };
}

/** The message, to another chat. */
export function toChat(command: SendMessage, chat: string): Mended | undefined {
  if (String(command.payload.chat_id) === chat) return undefined;
  return { command: { ...command, payload: { ...command.payload, chat_id: chat } }, degradation: 'chat_migrated' };
}

function without(command: SendMessage, fields: readonly string[], degradation: string): Mended | undefined {
  const payload = strip(command.payload, fields);
  return payload === command.payload ? undefined : { command: { ...command, payload }, degradation };
}

/** The items of an album have captions of their own. */
function strip(payload: Payload, fields: readonly string[]): Payload {
  const { media } = payload;
  const items = Array.isArray(media) ? media.map((item: unknown) => (isObject(item) ? strip(item, fields) : item)) : [];
  const changed = Array.isArray(media) && items.some((item, at) => item !== media[at]);
  const kept = Object.entries(payload).filter(([name]) => !fields.includes(name));
  if (kept.length === Object.keys(payload).length && !changed) return payload;
  return { ...Object.fromEntries(kept), ...(changed && { media: items }) };
}

const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
