/**
 * The lane that a chat's messages share: one name for every way of writing the same chat, so `123`, `"123"` and
 * `" 123 "` are one lane, and so are `@News` and `@news`. Without a chat it is `''`, which has no lane.
 */
export function laneKey(chatId: string | number | undefined): string {
  const text = String(chatId ?? '').trim();
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')).toString() : text.toLowerCase();
}

/** Groups, supergroups and channels have negative ids or go by an `@name`; all others are private chats. */
export function isGroup(lane: string): boolean {
  return lane.startsWith('-') || lane.startsWith('@');
}
