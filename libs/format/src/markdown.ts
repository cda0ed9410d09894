import { Marked, type Token, type Tokens, type TokenizerExtension } from 'marked';
import type { Formatted } from './formatted';
import { writeInline } from './inline';
import { tableText } from './table';
import { Writer } from './writer';

/** Longest spoiler, in UTF-16 units: what is never closed must not be looked for to the end of the text each time. */
const longestSpoiler = 4096;

/** `||hidden||`, as Telegram writes it. */
const spoiler: TokenizerExtension = {
  name: 'spoiler',
  level: 'inline',
  start: (source) => source.indexOf('||'),
  tokenizer(source) {
    if (!source.startsWith('||') || /^\|\|[\s|]/.test(source)) return undefined;
    const end = source.slice(0, longestSpoiler).indexOf('||', 2);
    if (end < 0) return undefined;
    return { type: 'spoiler', raw: source.slice(0, end + 2), tokens: this.lexer.inlineTokens(source.slice(2, end)) };
  },
};

const marked = new Marked({ gfm: true }, { extensions: [spoiler] });

/**
 * Reads CommonMark with tables, task lists, strikethrough and `||spoilers||`. Whatever is written, Telegram takes the
 * result: HTML in it is text, quotes in quotes are one quote, and what is nested too deep to be read stays as it is written.
 */
export function fromMarkdown(source: string): Formatted {
  if (isTooDeep(source) || isTooDense(source)) return plain(source);
  const writer = new Writer();
  writeBlocks(marked.lexer(source), writer, '\n\n');
  return writer.done();
}

const plain = (source: string): Formatted => ({ text: source.trim(), entities: [] });

/** More signs of nesting in a row than anybody means; reading them takes a time that grows with their square. */
const isTooDeep = (source: string): boolean => /(?:[>*_~[\]!<(-][ \t]?){100}/.test(source);

/** Marks times characters of one paragraph above which marked, which looks for the end of each, takes more than a second. */
const mostDense = 2e7;

const isTooDense = (source: string): boolean =>
  source.length > 4096 &&
  source.split(/\n\s*\n/).some((part) => (part.match(/[*_~[<|]+/g)?.length ?? 0) * part.length > mostDense);

function writeBlocks(tokens: readonly Token[], to: Writer, between: string): void {
  let isFirst = true;
  for (const token of tokens) {
    if (token.type === 'space' || token.type === 'def') continue;
    if (!isFirst) to.write(between);
    isFirst = false;
    writeBlock(token, to);
  }
}

function writeBlock(token: Token, to: Writer): void {
  switch (token.type) {
    case 'heading':
      return to.styled({ type: 'bold' }, () => writeInline(token.tokens ?? [], to));
    case 'paragraph':
    case 'text':
      return token.tokens ? writeInline(token.tokens, to) : to.write((token as Tokens.Text).text);
    case 'code': {
      const { text, lang } = token as Tokens.Code;
      const language = /^[^\s`]+/.exec(lang ?? '')?.[0];
      return to.styled({ type: 'pre', ...(language && { language }) }, () => to.writeRaw(text));
    }
    case 'blockquote':
      // Telegram nests no quotes.
      if (to.isIn('blockquote')) to.write('» ');
      return to.styled({ type: 'blockquote' }, () => writeBlocks(token.tokens ?? [], to, '\n'));
    case 'list':
      return writeList(token as Tokens.List, to);
    case 'table':
      return to.styled({ type: 'pre' }, () => to.writeRaw(tableText(token as Tokens.Table)));
    case 'hr':
      return to.write('———');
    default:
      return to.write(token.raw.trimEnd());
  }
}

function writeList({ items, ordered, start }: Tokens.List, to: Writer): void {
  const outer = to.indent;
  items.forEach((item, at) => {
    if (at > 0) to.write('\n');
    const number = `${Number(start || 1) + at}. `;
    to.write(item.task ? (item.checked ? '☑ ' : '☐ ') : ordered ? number : '• ');
    to.indent = `${outer}${' '.repeat(ordered ? number.length : 2)}`;
    writeBlocks(item.tokens, to, '\n');
    to.indent = outer;
  });
}
