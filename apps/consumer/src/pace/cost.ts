/**
 * How many messages of Telegram's limits a call takes: an album counts its items, copying and forwarding several
 * messages count each. Source: the Bot API server counts every item of an album as a message of its own.
 */
export function costOf({ method, payload }: { method: string; payload: Record<string, unknown> }): number {
  const items = itemsOf(method.toLowerCase(), payload);
  return Math.max(1, items);
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
