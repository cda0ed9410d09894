/** What a call takes of Telegram's limits. */
export interface Toll {
  /** Messages of the bot's limit. */
  bot: number;
  /** Messages of its chat's limit; 0 for calls that it does not bound. */
  chat: number;
  /** Counts in the limit of paid broadcasts instead of the bot's. */
  paid: boolean;
}

interface Call {
  method: string;
  payload: Record<string, unknown>;
}

/**
 * An album counts its items, copying and forwarding several messages count each: the Bot API server counts every one as
 * a message of its own. Edits count in groups, not in private chats; deleting, pinning and reactions count for the bot
 * alone. Source of the group rule: "~20 edits a minute" in grammY's notes on flood limits; unofficial.
 */
export function tollOf({ method, payload }: Call, inGroup: boolean): Toll {
  const name = method.toLowerCase();
  const items = Math.max(1, itemsOf(name, payload));
  const sends = /^(send|copy|forward)/.test(name) && name !== 'sendchataction';
  const edits = name.startsWith('edit');
  return { bot: items, chat: sends || (edits && inGroup) ? items : 0, paid: isTrue(payload.allow_paid_broadcast) };
}

function itemsOf(method: string, { media, message_ids }: Record<string, unknown>): number {
  if (method === 'sendmediagroup') return lengthOf(media);
  if (method === 'copymessages' || method === 'forwardmessages') return lengthOf(message_ids);
  return 1;
}

/** Form clients hand arrays in as JSON texts. */
function lengthOf(list: unknown): number {
  if (Array.isArray(list)) return list.length;
  if (typeof list !== 'string') return 1;
  try {
    return lengthOf(JSON.parse(list));
  } catch {
    return 1;
  }
}

const isTrue = (flag: unknown): boolean => flag === true || flag === 'true';
