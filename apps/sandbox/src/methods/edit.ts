import { isDeepStrictEqual } from 'node:util';
import { badRequest, type Call, chatIdOf, type Done, integerOf, isRecord, type Params, Refusal, textOf } from '../call';
import { captionParts } from '../parse/formatting';
import type { Message } from '../timeline';
import type { World } from '../world';
import { textContent } from './content';
import { replyMarkup } from './markup';
import { MEDIA_KINDS, mediaPart } from './media';
import { takeRoom, targetChat } from './target';

const NOT_MODIFIED = badRequest(
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
);

interface Edit {
  /** Parts of the message that go before the new ones come. */
  replaces: readonly string[];
  change: (call: Call, world: World, message: Message) => Params | Refusal;
}

const TEXT = ['text', 'entities', 'link_preview_options', 'rich_message'];
const CAPTION = ['caption', 'caption_entities', 'show_caption_above_media'];

/** Methods that change a message, by their name in lower case. */
export const EDITS: Record<string, Edit> = {
  editmessagetext: {
    replaces: TEXT,
    change: ({ params }) =>
      isRecord(params.rich_message) ? { rich_message: params.rich_message } : textContent(params),
  },
  editmessagecaption: { replaces: CAPTION, change: ({ params }) => captionParts(params) },
  editmessagemedia: { replaces: [...MEDIA_KINDS, ...CAPTION, ...TEXT], change: mediaChange },
  editmessagelivelocation: {
    replaces: [],
    change: ({ params }) => ({
      location: { latitude: Number(params.latitude), longitude: Number(params.longitude) },
    }),
  },
  editmessagechecklist: { replaces: [], change: ({ params }) => ({ checklist: params.checklist }) },
  editmessagereplymarkup: { replaces: [], change: () => ({}) },
  stopmessagelivelocation: { replaces: [], change: () => ({}) },
  stoppoll: {
    replaces: [],
    change: (_call, _world, { poll }) =>
      isRecord(poll) ? { poll: { ...poll, is_closed: true } } : badRequest('message with poll to stop not found'),
  },
};

/** Changes a message and answers with it. */
export function editMessage(world: World, call: Call): Done | Refusal {
  const { params } = call;
  if (textOf(params.inline_message_id) !== '') return { result: true, message_ids: [] };
  if (chatIdOf(params.chat_id) === undefined) return badRequest('chat_id is empty');
  const id = integerOf(params.message_id);
  if (!id) return badRequest('message identifier is not specified');
  const markup = replyMarkup(params.reply_markup);
  if (markup instanceof Refusal) return markup;
  const chat = targetChat(world, params.chat_id);
  if (chat instanceof Refusal) return chat;
  const edited = chat.missing_messages.includes(id) ? undefined : chat.timeline.find(id);
  if (!edited || edited.deleted) return badRequest('message to edit not found');

  const method = call.method.toLowerCase();
  const edit = EDITS[method];
  const change = edit?.change(call, world, edited.message) ?? {};
  if (change instanceof Refusal) return change;
  const { edit_date, ...before } = edited.message;
  const after: Message = { ...before, ...change, reply_markup: markup.inline };
  for (const part of edit?.replaces ?? []) if (!(part in change)) delete after[part];
  if (!markup.inline) delete after.reply_markup;
  if (isDeepStrictEqual(before, after)) return NOT_MODIFIED;
  const wait = takeRoom(world, call, chat, 1, true);
  if (wait) return wait;
  edited.message = { ...after, edit_date: Math.floor(call.at / 1000) };
  edited.edits += 1;
  return { result: method === 'stoppoll' ? after.poll : edited.message, message_ids: [id] };
}

function mediaChange(call: Call, world: World): Params | Refusal {
  const { media } = call.params;
  if (!isRecord(media)) return badRequest("can't parse InputMedia JSON object");
  const kind = MEDIA_KINDS.find((name) => name === media.type);
  if (!kind) return badRequest(`can't parse InputMedia: type "${textOf(media.type)}" is unknown`);
  const part = mediaPart(kind, textOf(media.media), media, call, world.files, 'media');
  if (part instanceof Refusal) return part;
  const caption = captionParts(media);
  return caption instanceof Refusal ? caption : { ...part, ...caption };
}
