import { partsOf, placeParameters, recallMethod, type SendMessage } from '@app/contracts';
import type { Target } from '@app/ledger';

/** Most messages that one call may delete: Bot API. */
const mostDeleted = 100;

/** An edit, what of it is done, and the message that it is for. */
export interface Editing {
  edit: SendMessage;
  /** Its calls so far. */
  done: number;
  target: Target;
}

type Call = Pick<SendMessage, 'method' | 'payload' | 'on_uncertain'>;

const isRecall = ({ method }: SendMessage): boolean => method === recallMethod;
/** It leaves the texts as they are. */
const isOfButtons = ({ method }: SendMessage): boolean => /^editMessageReplyMarkup$/i.test(method);
const isText = ({ method }: Target): boolean => /^send(Rich)?Message$/i.test(method);

/**
 * The call of an edit whose turn it is. Its texts take the places of the old ones one after the other; those that find no
 * place are sent, places that are left over are deleted. It follows from what stands in the chat alone, so that it is the
 * same after a restart; whatever repeats harmlessly is repeated until Telegram has answered.
 */
export function callOf({ edit, done, target }: Editing): Call {
  if (isRecall(edit)) return deletion(edit, target.messageIds);
  const places = placesOf(target);
  const surplus = places.slice(partsOf(edit));
  if (done >= partsOf(edit) && surplus.length > 0 && !isOfButtons(edit)) return deletion(edit, surplus);
  const at = Math.min(done, partsOf(edit) - 1);
  const part = at === 0 ? undefined : edit.rest?.[at - 1];
  const place = isOfButtons(edit) && isText(target) ? places.at(-1) : places[at];
  if (part && place === undefined)
    return { ...edit, method: part.method, payload: { ...part.payload, ...replyTo(places[0]) } };
  const { method, payload } = part ? { method: 'editMessageText', payload: withoutPlace(part.payload) } : edit;
  return { method, payload: { ...payload, message_id: place }, on_uncertain: 'resend' };
}

/** Calls that are left, the one included whose turn it is. */
export function callsLeft({ edit, done, target }: Editing): number {
  if (isRecall(edit)) return Math.ceil(target.messageIds.length / mostDeleted);
  const parts = partsOf(edit);
  const surplus = isOfButtons(edit) ? 0 : Math.max(0, placesOf(target).length - parts);
  return Math.max(0, parts - done) + Math.ceil(surplus / mostDeleted);
}

/** The message that was edited, after a call that made these messages. */
export function targetAfter({ target }: Editing, { method, payload }: Call, made: readonly number[]): Target {
  const { messageIds, parts } = target;
  if (method === recallMethod) {
    const gone = new Set(payload.message_ids as number[]);
    const left = messageIds.filter((id) => !gone.has(id));
    return { ...target, messageIds: left, parts: Math.max(1, parts - gone.size) };
  }
  if (payload.message_id !== undefined) return target;
  return { ...target, messageIds: [...messageIds, ...made], parts: parts + made.length };
}

/** What a call is made in: the first message, and the texts after it. Further items of an album hold no text of their own. */
function placesOf({ messageIds, parts }: Target): number[] {
  const first = Math.max(1, messageIds.length - (parts - 1));
  return [...messageIds.slice(0, 1), ...messageIds.slice(first)];
}

function deletion(edit: SendMessage, ids: readonly number[]): Call {
  const message_ids = [...ids].sort((a, b) => a - b).slice(0, mostDeleted);
  const { chat_id, business_connection_id } = edit.payload;
  const payload = { chat_id, ...(business_connection_id !== undefined && { business_connection_id }), message_ids };
  return { method: recallMethod, payload, on_uncertain: 'resend' };
}

/** By now other messages may stand between it and the text that it belongs to. */
const replyTo = (message_id: number | undefined) => ({
  reply_parameters: { message_id, allow_sending_without_reply: true },
});

/** What says where a text goes says nothing to one that is there, but for the business account. */
function withoutPlace(payload: SendMessage['payload']): SendMessage['payload'] {
  const names: readonly string[] = placeParameters.filter((name) => name !== 'business_connection_id');
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)));
}

/** When an edit looks again whether its message is over, the later the longer it has waited. */
export const nextLook = ({ created_at }: SendMessage): number =>
  Date.now() + Math.min(60_000, Math.max(1_000, (Date.now() - created_at) / 4));

/** The parameters with those that the upload has changed; what an edit is for, is known only after its upload is begun. */
export const uploaded = ({ edit_of, payload }: SendMessage, changed: SendMessage['payload']): SendMessage['payload'] =>
  edit_of === undefined
    ? changed
    : { ...payload, ...('media' in changed && 'media' in payload && { media: changed.media }) };
