import { message, recallMethod, type FieldError, type Message, type Part, type SendMessage } from '@app/contracts';
import type { Editable } from '@app/ledger';
import { UUID, uuidv7 } from 'uuidv7';
import { fieldErrors } from './acceptance';
import { compose, type Composed } from './compose';
import { only, without, type Payload } from './written-text';

/** Kinds of media that a message can be edited to. */
const media = ['photo', 'video', 'animation', 'audio', 'document'] as const;
/** What can be edited, and what beside it belongs to it. */
const contents = ['text', 'caption', 'media', ...media] as const;
/** What is new in a message, and cannot be changed later. */
const fixed = ['method', 'chat_id', 'message_id', 'reply_parameters', 'reply_to_message_id', 'message_effect_id'];
const fixedPlace = ['message_thread_id', 'direct_messages_topic_id', 'business_connection_id', 'disable_notification'];
const fixedDelivery = ['bot', 'priority', 'send_at', 'delay'] as const;
const others = [
  ...['rich_message', 'live_photo', 'sticker', 'voice', 'video_note', 'question', 'options', 'phone_number', 'address'],
  ...['latitude', 'longitude', 'checklist', 'emoji', 'action'],
];
/** Parts of a caption; in an edit of the medium they stand in it. */
const ofMedium = [
  ...['caption', 'parse_mode', 'caption_entities', 'show_caption_above_media', 'has_spoiler'],
  ...['width', 'height', 'duration', 'performer', 'title', 'supports_streaming'],
];

const hasText = /^send(Rich)?Message$/i;
const hasCaption = /^(send(Photo|LivePhoto|Video|Animation|Audio|Document|Voice|MediaGroup|PaidMedia)|copyMessages?)$/i;
const canBeMedium = /^(send(Rich)?Message|send(Photo|Video|Animation|Audio|Document|MediaGroup)|copyMessages?)$/i;

export type Edited = { command: SendMessage } | { errors: FieldError[] };

/** Turns the new content of a message into the command that edits it; or says which fields stand in the way. */
export function toEdit(body: unknown, target: Editable): Edited {
  if (Array.isArray(body)) return wrong('', 'must be one message');
  const parsed = message.safeParse(body);
  if (!parsed.success) return { errors: fieldErrors(parsed.error, '') };
  const edit = parsed.data;
  const errors = [
    ...[...fixed, ...fixedPlace].filter((name) => edit[name] !== undefined).map(asItWas),
    ...fixedDelivery.filter((name) => edit.delivery?.[name] !== undefined).map((name) => asItWas(`delivery.${name}`)),
    ...(edit.delivery?.overflow === 'document'
      ? [{ field: 'delivery.overflow', message: 'must be split or reject: a text that is edited stays a text' }]
      : []),
    ...others.filter((name) => edit[name] !== undefined).map((field) => ({ field, message: 'cannot be edited' })),
  ];
  if (errors.length > 0) return { errors };
  const composed = contentOf(edit, target);
  if ('field' in composed) return { errors: [composed] };
  const { ref, ttl, on_uncertain = 'drop' } = edit.delivery ?? {};
  const command = commandOf(target, composed);
  return {
    command: {
      ...command,
      // What repeats harmlessly is repeated in any case; a text that follows the old ones must not come twice.
      on_uncertain,
      ...(ttl !== undefined && { expires_at: (command.send_at ?? command.created_at) + ttl * 1000 }),
      ...(ref !== undefined && { ref }),
    },
  };
}

/** The command that takes a message back: which messages of Telegram's that are, is seen when its turn comes. */
export const toRecall = (target: Editable): SendMessage =>
  commandOf(target, { method: recallMethod, payload: placeOf(target) });

function commandOf(target: Editable, composed: Composed): SendMessage {
  const { priority = 'normal', send_at } = target.place;
  const now = Date.now();
  return {
    ...{ version: 4, id: idAfter(target.newest), bot: target.bot, ...composed, payload: bare(composed.payload) },
    ...(target.chat_id !== undefined && { chat_id: target.chat_id }),
    ...{ priority, on_uncertain: 'resend', edit_of: target.id, created_at: now },
    ...(send_at !== undefined && send_at > now && { send_at }),
  };
}

function contentOf(edit: Message, target: Editable): Composed | FieldError {
  const found = contents.filter((name) => edit[name] !== undefined);
  const [content, second] = found.filter((name) => name !== 'caption' || found.length === 1);
  if (second) return { field: second, message: `cannot come beside ${content}` };
  const { method: _, format, delivery, ...given } = edit;
  const [writing, place] = [{ format, overflow: delivery?.overflow }, placeOf(target)];
  const isText = hasText.test(target.method) && !target.becameMedia;
  const isFree = !hasText.test(target.method) && !hasCaption.test(target.method);
  switch (content) {
    case undefined:
      if (given.reply_markup !== undefined)
        return { method: 'editMessageReplyMarkup', payload: { ...place, ...given } };
      return { field: '', message: 'must hold text, caption, media or reply_markup' };
    case 'text':
      if (!isText) return { field: 'text', message: `must not be given: a message by ${target.method} has no text` };
      return asEdit(compose('sendMessage', { ...place, ...given }, writing), 'editMessageText');
    case 'caption':
      if (isText || isFree) return { field: 'caption', message: `must not be given: a message by ${target.method} has no caption` }; // prettier-ignore
      return asEdit(compose('sendPhoto', { ...place, ...given }, writing), 'editMessageCaption');
    default:
      if (!canBeMedium.test(target.method)) return { field: content, message: `must not be given: a message by ${target.method} cannot become media` }; // prettier-ignore
      return content === 'media'
        ? compose('editMessageMedia', { ...place, ...given }, writing)
        : ofKind(content, { ...place, ...given }, writing);
  }
}

/** A medium as it is given to be sent, as the one that replaces another. */
function ofKind(kind: (typeof media)[number], payload: Payload, writing: Parameters<typeof compose>[2]) {
  const composed = compose('sendPhoto', payload, writing);
  if ('field' in composed) return composed;
  const item = { ...only(composed.payload, ofMedium), type: kind, media: composed.payload[kind] };
  return { ...composed, method: 'editMessageMedia', payload: { ...without(composed.payload, [...ofMedium, kind]), media: item } }; // prettier-ignore
}

/** The first call changes what is there. */
function asEdit(composed: Composed | FieldError, method: string): Composed | FieldError {
  if ('field' in composed) return composed;
  const [first, ...more] = composed.fallback ?? [];
  const fallback: Part[] | undefined = first && [{ ...first, method, payload: bare(first.payload) }, ...more];
  return { ...composed, method, ...(fallback && { fallback }) };
}

/** What is sent after the first goes where the message went. */
const placeOf = ({ chat_id, place: { priority: _, send_at: __, ...parameters } }: Editable): Payload => ({
  ...(chat_id !== undefined && { chat_id }),
  ...parameters,
});

const bare = (payload: Payload): Payload =>
  without(payload, [...fixedPlace.filter((name) => name !== 'business_connection_id'), 'protect_content', 'allow_paid_broadcast']); // prettier-ignore

const asItWas = (field: string): FieldError => ({ field, message: 'must not be given: it stays as it was sent' });

const wrong = (field: string, text: string): Edited => ({ errors: [{ field, message: text }] });

/** The order of ids is the order of edits, also where the clocks of two producers differ. */
function idAfter(newest: string | undefined): string {
  const id = uuidv7();
  if (newest === undefined || id > newest) return id;
  const { bytes } = UUID.parse(newest);
  const at = bytes.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  const random = UUID.parse(id)
    .bytes.slice(8)
    .reduce((sum, byte) => (sum * 256 + byte) % 2 ** 30, 0);
  return UUID.fromFieldsV7(at + 1, 0, random, random).toString();
}
