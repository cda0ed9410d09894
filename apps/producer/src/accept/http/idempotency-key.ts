/** Longest key taken; RFC drafts name none, and 255 holds every UUID, hash and URL that is used as one. */
const longest = 255;

/**
 * Reads the header `Idempotency-Key`: a quoted string as in RFC 8941, or bare.
 *
 * @returns The key; nothing where there is no such header; or what would be right.
 */
export function readIdempotencyKey(header: string | string[] | undefined): { key?: string } | { problem: string } {
  if (header === undefined) return {};
  const text = String(header).trim();
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = quoted ?? (/^[\x21\x23-\x7e]+$/.test(text) ? text : '');
  if (key.length > 0 && key.length <= longest) return { key };
  return { problem: `Idempotency-Key must be 1 to ${longest} printable ASCII characters, quoted or bare` };
}
