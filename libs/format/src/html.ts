import type { Formatted, MessageEntity, Problem } from './formatted';
import { linked } from './links';
import { OpenEntities, type Open } from './open-entities';

/** The tags that Telegram knows, and what each of them is. */
const typeOf = new Map(
  Object.entries({
    ...{ b: 'bold', strong: 'bold', i: 'italic', em: 'italic', u: 'underline', ins: 'underline' },
    ...{ s: 'strikethrough', strike: 'strikethrough', del: 'strikethrough', 'tg-spoiler': 'spoiler', span: 'spoiler' },
    ...{ a: 'text_link', code: 'code', pre: 'pre', blockquote: 'blockquote' },
    ...{ 'tg-emoji': 'custom_emoji', 'tg-time': 'date_time' },
  }),
);

interface OpenTag extends Open {
  name: string;
  attributes: ReadonlyMap<string, string>;
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Telegram decodes four names and numbers, with or without a semicolon, and leaves all else as it is written. */
function decode(written: string): string {
  if (!written.includes('&')) return written;
  return written.replace(/&(?:(lt|gt|amp|quot)|#(\d{1,8})|#x([\da-f]{1,7}));?/gi, (whole, name?: string, ...codes) => {
    if (name !== undefined) return named[name] ?? whole;
    const [decimal, hex] = codes as (string | undefined)[];
    const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && (code & 0xfff800) !== 0xd800;
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}

const tagName = /<([^\s>]*)\s*/y;
/** One at a time: all of them in one expression could be read in more ways than there are atoms. */
const attribute = /([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]*)(?![^\s>])))?\s*/y;
const endTag = /<\/([^\s>]*)\s*>/y;

/** Reads `parse_mode: HTML` by Telegram's own rules. Takes time in proportion to the text. */
export function fromHtml(source: string): Formatted | Problem {
  const shown = new OpenEntities<OpenTag>();
  for (let at = 0; at < source.length;) {
    const bracket = source.indexOf('<', at);
    shown.show(decode(source.slice(at, bracket < 0 ? undefined : bracket)));
    if (bracket < 0) break;
    const next = source[bracket + 1] === '/' ? end(source, bracket, shown) : begin(source, bracket, shown);
    if (typeof next !== 'number') return next;
    at = next;
  }
  const left = shown.top;
  return left ? { problem: `must close the tag <${left.name}> of position ${left.writtenAt}` } : shown.done();
}

/** @returns where the tag ends */
function begin(source: string, at: number, shown: OpenEntities<OpenTag>): number | Problem {
  tagName.lastIndex = at;
  const [opening, written] = tagName.exec(source)!;
  const name = written!.toLowerCase();
  const type = typeOf.get(name);
  if (type === undefined) {
    return { problem: `must use tags that Telegram knows: not <${name.slice(0, 32)}> at position ${at}` };
  }
  const attributes = new Map<string, string>();
  attribute.lastIndex = at + opening.length;
  let close = attribute.lastIndex;
  for (let found = attribute.exec(source); found; found = attribute.exec(source)) {
    const [, key, double, single, bare] = found;
    attributes.set(key!.toLowerCase(), decode(double ?? single ?? bare ?? ''));
    close = attribute.lastIndex;
  }
  if (source[close] !== '>') return { problem: `must be a whole tag: the <${name} at position ${at}` };
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
    return { problem: `must give the class "tg-spoiler" to the <span> at position ${at}` };
  }
  shown.begin({ name, type, attributes, offset: shown.length, writtenAt: at });
  return close + 1;
}

/** @returns where the tag ends */
function end(source: string, at: number, shown: OpenEntities<OpenTag>): number | Problem {
  endTag.lastIndex = at;
  const [whole, written] = endTag.exec(source) ?? [];
  const { top } = shown;
  if (whole === undefined || !top || (written !== '' && written!.toLowerCase() !== top.name)) {
    const expected = top ? `</${top.name}>` : 'no end tag';
    return { problem: `must have ${expected} at position ${at}` };
  }
  const inner = top.name === 'pre' ? shown.takeSame(top.offset) : undefined;
  shown.end((text) => entityOf(top, text, inner));
  return at + whole.length;
}

/** @param inner what covers all of a `pre`, e.g. the `code` that names its language */
function entityOf({ name, type, attributes }: OpenTag, text: () => string, inner?: MessageEntity) {
  switch (name) {
    case 'a':
      return linked(attributes.get('href') || text());
    case 'tg-emoji': {
      const id = attributes.get('emoji-id') ?? '';
      return /^\d+$/.test(id) ? { type, custom_emoji_id: id } : undefined;
    }
    case 'tg-time': {
      const [unix, format] = [Number(attributes.get('unix')), attributes.get('format')];
      return unix > 0 ? { type, unix_time: unix, ...(format && { date_time_format: format }) } : undefined;
    }
    case 'code': {
      const language = /^language-(.+)$/.exec(attributes.get('class') ?? '')?.[1];
      return { type, ...(language && { language }) };
    }
    case 'pre':
      return { type, ...(inner?.language !== undefined && { language: inner.language }) };
    case 'blockquote':
      return { type: attributes.has('expandable') ? 'expandable_blockquote' : type };
    default:
      return { type };
  }
}
