/** Addresses that a document defines, by the name in lower case. */
export type References = Readonly<Record<string, { href: string }>>;

/** Longest address, in UTF-16 units: Telegram takes none that is longer, and none is looked for further. */
const longest = 2048;

const unescape = (text: string): string => text.replace(/\\([!-/:-@[-`{-~])/g, '$1');

/** Behind a text in brackets: `(address "title")`, `[name]`, `[]`, or nothing, where its text is a name. */
export function readTarget(source: string, from: number, at: number, references: References) {
  const window = source.slice(at, at + 2 * longest);
  if (window.startsWith('(') && window.includes(')')) {
    const inside = readAddress(window);
    if (inside) return { href: unescape(inside.href), end: at + inside.end };
  }
  const [whole = '', named = ''] = /^\[((?:\\[^]|[^[\]\\]){0,999})\]/.exec(window) ?? [];
  const label = named !== '' ? named : source.slice(from, Math.min(at - 1, from + 1000));
  const name = label.replace(/\s+/g, ' ').trim().toLowerCase();
  const reference = Object.hasOwn(references, name) ? references[name] : undefined;
  return reference && { href: reference.href, end: at + whole.length };
}

/** `(<address> 'title')` at the beginning of a text. */
function readAddress(text: string): { href: string; end: number } | undefined {
  const [open] = /^\([ \t]*\n?[ \t]*/.exec(text)!;
  const href = text[open.length] === '<' ? /^<((?:\\.|[^\\<>\n])*)>/.exec(text.slice(open.length)) : undefined;
  const length = href?.[0].length ?? (text[open.length] === '<' ? undefined : bareLength(text, open.length));
  if (length === undefined) return undefined;
  const end = /^(?:[ \t\n]+(?:"(?:\\.|[^\\"])*"|'(?:\\.|[^\\'])*'|\((?:\\.|[^\\()])*\)))?[ \t\n]*\)/.exec(
    text.slice(open.length + length),
  );
  if (!end) return undefined;
  return { href: href ? href[1]! : text.slice(open.length, open.length + length), end: open.length + length + end[0].length }; // prettier-ignore
}

/** An address without white space, its parentheses in pairs. */
function bareLength(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length && at - from <= longest; at++) {
    const char = text[at]!;
    if (char === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) at++;
    else if (char <= ' ') return at - from;
    else if (char === '(') depth++;
    else if (char === ')' && depth-- === 0) return at - from;
  }
  return undefined;
}
