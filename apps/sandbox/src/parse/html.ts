import { Refusal } from '../call';
import { byteOffset, cantParse, type FormattedText, linkEntity, type MessageEntity } from './formatted';

const ENTITY_OF_TAG: Record<string, string> = {
  a: 'text_link',
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  u: 'underline',
  ins: 'underline',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  'tg-emoji': 'custom_emoji',
  'tg-time': 'date_time',
  pre: 'pre',
  code: 'code',
  blockquote: 'blockquote',
};

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Only four names and numbers are decoded; everything else, `&nbsp;` too, stays as it is written. */
export function decodeReferences(source: string): string {
  return source.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(lt|gt|amp|quot));?/g, (whole, decimal, hex, name) => {
    if (name) return NAMED[name as string] ?? whole;
    const point = decimal ? Number(decimal) : parseInt(hex as string, 16);
    return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : whole;
  });
}

interface OpenTag {
  name: string;
  attributes: Map<string, string>;
  /** Where its content begins, in the text made so far. */
  offset: number;
}

/** Reads Telegram's `parse_mode: HTML`: which tags it knows, and what it says about the first mistake. */
export function parseHtml(source: string): FormattedText | Refusal {
  const open: OpenTag[] = [];
  const entities: MessageEntity[] = [];
  let text = '';
  let index = 0;
  while (index < source.length) {
    const bracket = source.indexOf('<', index);
    text += decodeReferences(source.slice(index, bracket === -1 ? undefined : bracket));
    if (bracket === -1) break;
    if (source[bracket + 1] === '/') {
      const end = endTag(source, bracket, open.at(-1));
      if (end instanceof Refusal) return end;
      const tag = open.pop();
      if (tag) close(tag, text, entities);
      index = end;
    } else {
      const start = startTag(source, bracket);
      if (start instanceof Refusal) return start;
      open.push({ name: start.name, attributes: start.attributes, offset: text.length });
      index = start.end;
    }
  }
  const left = open.at(-1);
  return left ? cantParse(`Can't find end tag corresponding to start tag "${left.name}"`) : { text, entities };
}

function startTag(
  source: string,
  begin: number,
): { name: string; attributes: Map<string, string>; end: number } | Refusal {
  const place = `at byte offset ${byteOffset(source, begin)}`;
  const name = (/^[^\s>]*/.exec(source.slice(begin + 1, begin + 65))?.[0] ?? '').toLowerCase();
  let index = begin + 1 + name.length;
  if (index >= source.length) return cantParse(`Unclosed start tag ${place}`);
  if (!Object.hasOwn(ENTITY_OF_TAG, name)) return cantParse(`Unsupported start tag "${name}" ${place}`);
  const attributes = new Map<string, string>();
  for (;;) {
    while (/\s/.test(source[index] ?? '')) index += 1;
    if (index >= source.length) return cantParse(`Unclosed start tag "${name}" ${place}`);
    if (source[index] === '>') break;
    const attribute = readAttribute(source, index, name);
    if (attribute instanceof Refusal) return attribute;
    attributes.set(attribute.key, attribute.value);
    index = attribute.end;
  }
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
    return cantParse(`Tag "span" must have class "tg-spoiler" ${place}`);
  }
  return { name, attributes, end: index + 1 };
}

/** `key`, `key=token`, `key="…"` or `key='…'`, from `begin` on. */
function readAttribute(
  source: string,
  begin: number,
  tag: string,
): { key: string; value: string; end: number } | Refusal {
  const place = `at byte offset ${byteOffset(source, begin)}`;
  const rest = /[^\s=>]*/y;
  rest.lastIndex = begin;
  const key = (rest.exec(source)?.[0] ?? '').toLowerCase();
  if (key === '') return cantParse(`Empty attribute name in the tag "${tag}" ${place}`);
  const equals = /\s*=\s*/y;
  equals.lastIndex = begin + key.length;
  if (!equals.test(source)) return { key, value: '', end: begin + key.length };
  const at = equals.lastIndex;
  const quote = source[at];
  if (quote === '"' || quote === "'") {
    const end = source.indexOf(quote, at + 1);
    if (end === -1) return cantParse(`Unclosed start tag "${tag}" ${place}`);
    return { key, value: decodeReferences(source.slice(at + 1, end)), end: end + 1 };
  }
  const token = /[\w.-]*/y;
  token.lastIndex = at;
  const value = token.exec(source)?.[0] ?? '';
  const after = source[at + value.length];
  if (after !== undefined && !/[\s>]/.test(after)) {
    return cantParse(`Unexpected end of name token at byte offset ${byteOffset(source, at + value.length)}`);
  }
  return { key, value, end: at + value.length };
}

/** @returns Where the tag ends. */
function endTag(source: string, begin: number, open: OpenTag | undefined): number | Refusal {
  const place = `at byte offset ${byteOffset(source, begin)}`;
  if (!open) return cantParse(`Unexpected end tag ${place}`);
  const tag = /<\/([^\s>]*)\s*(>?)/y;
  tag.lastIndex = begin;
  const [whole = '', name = '', closed] = tag.exec(source) ?? [];
  if (!closed) return cantParse(`Unclosed end tag ${place}`);
  if (name !== '' && name.toLowerCase() !== open.name) {
    return cantParse(`Unmatched end tag ${place}, expected "</${open.name}>", found "</${name.toLowerCase()}>"`);
  }
  return begin + whole.length;
}

function close(tag: OpenTag, text: string, entities: MessageEntity[]): void {
  const { offset } = tag;
  const length = text.length - offset;
  if (length <= 0) return;
  const type = ENTITY_OF_TAG[tag.name] ?? tag.name;
  if (tag.name === 'a') {
    const link = linkEntity(tag.attributes.get('href') || text.slice(offset));
    if (link) entities.push({ offset, length, ...link });
  } else if (tag.name === 'tg-emoji') {
    const id = tag.attributes.get('emoji-id') ?? '';
    if (/^\d+$/.test(id)) entities.push({ offset, length, type, custom_emoji_id: id });
  } else if (tag.name === 'tg-time') {
    const unix_time = Number(tag.attributes.get('unix'));
    const format = tag.attributes.get('format');
    if (unix_time > 0)
      entities.push({ offset, length, type, unix_time, ...(format ? { date_time_format: format } : {}) });
  } else if (tag.name === 'code') {
    const language = /^language-(.+)$/.exec(tag.attributes.get('class') ?? '')?.[1];
    entities.push({ offset, length, type, ...(language ? { language } : {}) });
  } else if (tag.name === 'pre') {
    const code = entities.at(-1);
    const filled = code?.type === 'code' && code.offset === offset && code.length === length;
    if (filled) entities.pop();
    entities.push({ offset, length, type, ...(filled && code.language ? { language: code.language } : {}) });
  } else {
    const expandable = tag.name === 'blockquote' && tag.attributes.has('expandable');
    entities.push({ offset, length, type: expandable ? 'expandable_blockquote' : type });
  }
}
