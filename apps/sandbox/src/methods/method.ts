import { type Call, chatIdOf, type Done, integerOf, Refusal, textOf } from '../call';
import { chatView } from '../chats';
import type { World } from '../world';
import { sendMediaGroup, transferMany, transferOne } from './batch';
import { EDITS, editMessage } from './edit';
import { uniqueId } from './media';
import { deleteMessages, pinMessage } from './remove';
import { botUser, sendOne, signal } from './send';
import { targetChat } from './target';

type Method = (world: World, call: Call) => Done | Refusal;

const answer = (result: unknown): Done => ({ result, message_ids: [] });

/** Methods, by their name in lower case, that are more than "done" and are no plain `send…`. */
const METHODS: Record<string, Method> = {
  sendmediagroup: sendMediaGroup,
  copymessages: transferMany,
  forwardmessages: transferMany,
  copymessage: transferOne,
  forwardmessage: transferOne,
  sendchataction: signal,
  sendgift: signal,
  sendmessagedraft: signal,
  sendrichmessagedraft: signal,
  sendchatjoinrequestwebapp: joinRequestAnswer,
  ...Object.fromEntries(Object.keys(EDITS).map((name) => [name, editMessage])),
  deletemessage: deleteMessages,
  deletemessages: deleteMessages,
  pinchatmessage: pinMessage,
  unpinchatmessage: pinMessage,
  unpinallchatmessages: pinMessage,
  getme: (_world, { bot }) =>
    answer({
      ...botUser(bot),
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_guest_queries: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    }),
  getwebhookinfo: () => answer({ url: '', has_custom_certificate: false, pending_update_count: 0 }),
  getfile: (world, { params }) => {
    const file_id = textOf(params.file_id);
    const known = world.files.recall(file_id);
    if (!known) return new Refusal(400, 'Bad Request: invalid file_id');
    return answer({
      file_id,
      file_unique_id: uniqueId(file_id),
      file_size: known.size,
      file_path: `files/${file_id}`,
    });
  },
  getchat: (world, call) =>
    inChat(world, call, (chat) => ({ ...chatView(chat), accent_color_id: 0, max_reaction_count: 11 })),
  getchatmember: (world, call) =>
    inChat(world, call, () => ({
      status: 'administrator',
      user: { id: integerOf(call.params.user_id) ?? 0, is_bot: false, first_name: 'User' },
    })),
  getchatmembercount: (world, call) => inChat(world, call, () => 2),
  getchatadministrators: (world, call) =>
    inChat(world, call, () => [{ status: 'administrator', user: botUser(call.bot) }]),
  createforumtopic: (world, call) =>
    inChat(world, call, (chat) => ({
      message_thread_id: chat.timeline.nextId(),
      name: textOf(call.params.name),
      icon_color: integerOf(call.params.icon_color) ?? 7322096,
    })),
  exportchatinvitelink: (world, call) => inChat(world, call, (chat) => `https://t.me/+sandbox${Math.abs(chat.id)}`),
};

/** `sendChatJoinRequestWebApp` names no chat: the query stands for one. */
function joinRequestAnswer(_world: World, { params }: Call): Done | Refusal {
  const isWhole = textOf(params.chat_join_request_query_id) !== '' && textOf(params.web_app_url) !== '';
  return isWhole ? answer(true) : new Refusal(400, 'Bad Request: query identifier or URL is empty');
}

/** Lists that this sandbox has nothing to put into. */
const EMPTY_LISTS = [
  'getupdates',
  'getmycommands',
  'getforumtopiciconstickers',
  'getcustomemojistickers',
  'getgamehighscores',
];
for (const name of EMPTY_LISTS) METHODS[name] = () => answer([]);

function inChat(world: World, call: Call, read: (chat: Exclude<ReturnType<typeof targetChat>, Refusal>) => unknown) {
  const chat = targetChat(world, call.params.chat_id);
  return chat instanceof Refusal ? chat : answer(read(chat));
}

/**
 * Does what a call asks. A `send…` that Telegram may add one day makes a message; any other name is answered with
 * `true`, after a look at the chat where one is named.
 */
export function perform(world: World, call: Call): Done | Refusal {
  const name = call.method.toLowerCase();
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (method) return method(world, call);
  if (name.startsWith('send')) return sendOne(world, call);
  return chatIdOf(call.params.chat_id) === undefined ? answer(true) : inChat(world, call, () => true);
}
