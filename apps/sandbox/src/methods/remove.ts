import { badRequest, type Call, type Done, integerOf, Refusal } from '../call';
import type { World } from '../world';
import { messageIds } from './batch';
import { targetChat } from './target';

/** Deletes one message or many; `deleteMessages` passes over those that are not there. */
export function deleteMessages(world: World, call: Call): Done | Refusal {
  const { params } = call;
  const many = call.method.toLowerCase() === 'deletemessages';
  const ids = messageIds(many ? params.message_ids : [params.message_id]);
  if (ids instanceof Refusal) return many ? ids : badRequest('message identifier is not specified');
  const chat = targetChat(world, params.chat_id);
  if (chat instanceof Refusal) return chat;
  const found = ids.map((id) => chat.timeline.find(id)).filter((item) => item !== undefined && !item.deleted);
  if (!many && found.length === 0) return badRequest('message to delete not found');
  for (const item of found) if (item) item.deleted = true;
  return { result: true, message_ids: ids };
}

/** Pins and unpins. */
export function pinMessage(world: World, call: Call): Done | Refusal {
  const chat = targetChat(world, call.params.chat_id);
  if (chat instanceof Refusal) return chat;
  const id = integerOf(call.params.message_id);
  const pins = call.method.toLowerCase() === 'pinchatmessage';
  if (pins && !id) return badRequest('message identifier is not specified');
  const item = id ? chat.timeline.find(id) : undefined;
  if (pins && (!item || item.deleted)) return badRequest('message to pin not found');
  for (const other of id ? [item] : chat.timeline.items) if (other?.kind === 'message') other.pinned = pins;
  return { result: true, message_ids: id ? [id] : [] };
}
