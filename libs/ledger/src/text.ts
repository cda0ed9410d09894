/** PostgreSQL takes neither NUL nor half a surrogate pair. */
export const plain = <T extends string | null | undefined>(text: T): T =>
  (typeof text === 'string' ? text.replaceAll('\0', '\ufffd').toWellFormed() : text) as T;

/** A chat as it is kept: as text, whether number or @name. */
export const chatText = (chat: number | string | undefined): string | null =>
  chat === undefined ? null : plain(String(chat));

/** Chats are kept as text; a number that JSON holds exactly is given back as one. */
export function chatOf(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text ? number : text;
}
