import { badRequest, type Call, chatIdOf, type Done, integerOf, isRecord, type Params, Refusal, textOf } from '../call';
import type { Chat } from '../chats';
import { captionParts } from '../parse/formatting';
import type { World } from '../world';
import { mediaFlags } from './content';
import { type MediaKind, mediaPart } from './media';
import { post, prepare, sent } from './send';
import { targetChat } from './target';

/** Kinds of album items; those of the second list stand among their own kind only. */
const MIXABLE = ['photo', 'video', 'live_photo'];
const ALONE = ['document', 'audio'];

/** `sendMediaGroup`. */
export function sendMediaGroup(world: World, call: Call): Done | Refusal {
  if (chatIdOf(call.params.chat_id) === undefined) return badRequest('chat_id is empty');
  const items = albumItems(world, call);
  if (items instanceof Refusal) return items;
  const place = prepare(world, call, items.length);
  if (place instanceof Refusal) return place;
  const media_group_id = `${Math.floor(call.at * 1000)}`;
  const messages = items.map((content) => post(world, call, place, { media_group_id, ...content }));
  return sent(messages, messages);
}

function albumItems(world: World, call: Call): Params[] | Refusal {
  const { media } = call.params;
  if (!Array.isArray(media)) return badRequest("can't parse media JSON object");
  const given = media as unknown[];
  if (given.length < 2) return badRequest('too few messages to send as an album');
  if (given.length > 10) return badRequest('too many messages to send as an album');
  const kinds = given.map((item) => (isRecord(item) ? textOf(item.type) : ''));
  const lonely = ALONE.find((kind) => kinds.includes(kind) && kinds.some((other) => other !== kind));
  if (lonely) return badRequest(`${lonely} can't be mixed with other media types`);
  const contents: Params[] = [];
  for (const [index, item] of given.entries()) {
    const kind = kinds[index] ?? '';
    if (!isRecord(item) || ![...MIXABLE, ...ALONE].includes(kind)) {
      return badRequest(`can't parse InputMedia: type "${kind}" is not allowed in an album`);
    }
    const content = itemContent(world, call, item, kind as MediaKind);
    if (content instanceof Refusal) return content;
    contents.push(content);
  }
  return contents;
}

function itemContent(world: World, call: Call, item: Params, kind: MediaKind): Params | Refusal {
  const part = mediaPart(kind, textOf(item.media), item, call, world.files, 'media');
  if (part instanceof Refusal) return part;
  const caption = captionParts(item);
  return caption instanceof Refusal ? caption : { ...part, ...caption, ...mediaFlags(item) };
}

/** `copyMessages` and `forwardMessages`: 1–100 ids, strictly increasing; each counts as a message. */
export function transferMany(world: World, call: Call): Done | Refusal {
  const ids = messageIds(call.params.message_ids);
  if (ids instanceof Refusal) return ids;
  return transfer(world, call, ids, (messages) => messages.map(({ message_id }) => ({ message_id })));
}

/** `copyMessage` answers with the new id alone, `forwardMessage` with the whole message. */
export function transferOne(world: World, call: Call): Done | Refusal {
  const id = integerOf(call.params.message_id);
  if (!id) return badRequest('message identifier is not specified');
  const copies = call.method.toLowerCase() === 'copymessage';
  return transfer(world, call, [id], ([message]) => (copies ? { message_id: message?.message_id } : message));
}

/** Checked `message_ids` of a call. */
export function messageIds(given: unknown): number[] | Refusal {
  if (!Array.isArray(given) || given.length === 0) return badRequest('message identifiers are not specified');
  if (given.length > 100) return badRequest('too many message identifiers specified');
  const ids = (given as unknown[]).map((id) => integerOf(id) ?? 0);
  if (ids.some((id) => id <= 0)) return badRequest('invalid message identifier specified');
  return ids;
}

type Answer = (messages: ReturnType<typeof post>[]) => unknown;

function transfer(world: World, call: Call, ids: number[], answer: Answer): Done | Refusal {
  const { params } = call;
  if (chatIdOf(params.chat_id) === undefined) return badRequest('chat_id is empty');
  if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? 0))) {
    return badRequest('message identifiers must be in a strictly increasing order');
  }
  const source = targetChat(world, params.from_chat_id);
  if (source instanceof Refusal) return source;
  const copies = call.method.toLowerCase().startsWith('copy');
  const found = ids.map((id) => originalContent(source, id));
  if (found.includes(undefined)) return badRequest(`message to ${copies ? 'copy' : 'forward'} not found`);
  const caption = copies && ids.length === 1 ? captionParts(params) : {};
  if (caption instanceof Refusal) return caption;
  const place = prepare(world, call, ids.length);
  if (place instanceof Refusal) return place;
  const origin = {
    type: 'chat',
    sender_chat: { id: source.id, title: source.title },
    date: Math.floor(call.at / 1000),
  };
  const messages = found.map((content) =>
    post(world, call, place, { ...content, ...caption, ...(copies ? {} : { forward_origin: origin }) }),
  );
  return sent(messages, answer(messages));
}

/** What is copied. A message that was not sent through the sandbox is taken to exist, and shown as a mention of itself. */
function originalContent(source: Chat, id: number): Params | undefined {
  const original = source.timeline.find(id);
  if (original?.deleted || source.missing_messages.includes(id)) return undefined;
  if (!original) return { text: `Message ${id} of ${source.title}` };
  const {
    message_id,
    date,
    chat,
    from,
    sender_chat,
    reply_to_message,
    media_group_id,
    reply_markup,
    edit_date,
    ...content
  } = original.message;
  return content;
}
