import { clipped, inOrder, type Formatted, type MessageEntity } from './formatted';

export interface SplitLimits {
  /** UTF-16 units of the first part, e.g. 1024 for a caption. Default: as `rest`. */
  first?: number;
  /** UTF-16 units of the others. Default 4096: Telegram counts code points, of which there are never more. */
  rest?: number;
  /** Entities of a part. Default 100: Telegram drops the formatting of more without a word. */
  entities?: number;
}

/**
 * Cuts a text into parts that Telegram takes: between paragraphs where that wastes less than half a part, else between
 * lines, sentences or words, else between graphemes. What is open at a cut is carried on in the next part.
 *
 * The parts are slices of the text, in order; what lies between them, before and behind them is white space alone, which
 * Telegram trims. None is empty. Takes time in proportion to the text.
 */
export function split({ text, entities }: Formatted, limits: SplitLimits = {}): Formatted[] {
  const { rest = 4096, first = rest, entities: most = 100 } = limits;
  const waiting = entities.filter(({ length }) => length > 0).sort(inOrder);
  const parts: Formatted[] = [];
  let open: MessageEntity[] = [];
  let next = 0;
  for (let at = 0; at < text.length;) {
    open = open.filter(({ offset, length }) => offset + length > at);
    const start = skipSpace(text, at, open.length > 0 ? at : (waiting[next]?.offset ?? text.length));
    const limit = Math.min(start + (parts.length === 0 ? first : rest), text.length);
    const beyond = waiting[next + most - open.length]?.offset ?? text.length;
    const end = beyond < limit && beyond > start ? cut(text, start, beyond, true) : cut(text, start, limit, false);
    while (next < waiting.length && waiting[next]!.offset < end) open.push(waiting[next++]!);
    const shown = text.slice(start, end).trimEnd();
    if (shown !== '' && shown.trim() !== '')
      parts.push({ text: shown, entities: clipped(open.slice(0, most), start, start + shown.length) });
    at = end;
  }
  return parts;
}

/** Telegram trims white space in front, but for what an entity covers, e.g. the indentation of code. */
function skipSpace(text: string, at: number, upTo: number): number {
  const cutInside = at === upTo;
  if (cutInside) return at > 0 && text[at] === '\n' ? at + 1 : at;
  while (at < upTo && /\s/.test(text[at]!)) at++;
  return at;
}

const sentenceEnd = /[.!?…。！？]["'”’»)\]]*\s/g;

/** Where to cut at the latest at `end`. `isFree`: a cut right there splits nothing, since an entity begins there. */
function cut(text: string, start: number, end: number, isFree: boolean): number {
  if (end >= text.length) return text.length;
  const half = start + ((end - start) >> 1);
  const window = text.slice(half, end + 1); // A break may be the first character that does not fit.
  const breakAt = lastBreak(window);
  if (breakAt > 0) return half + breakAt;
  const word = lastSpace(text, start + 1, half);
  if (word > start) return word;
  return isFree ? end : graphemeBefore(text, start, end);
}

/** The last break of the best kind there is in a text; 0: none. */
function lastBreak(window: string): number {
  const paragraph = window.lastIndexOf('\n\n');
  if (paragraph > 0) return paragraph;
  const line = window.lastIndexOf('\n');
  if (line > 0) return line;
  let sentence = 0;
  for (const { index, 0: found } of window.matchAll(sentenceEnd)) {
    if (breaks(window, index + found.length - 1)) sentence = index + found.length - 1;
  }
  return sentence > 0 ? sentence : Math.max(0, lastSpace(window, 1, window.length - 1));
}

function lastSpace(text: string, from: number, to: number): number {
  for (let at = to; at >= from; at--) if (breaks(text, at)) return at;
  return -1;
}

/** A white space that nothing is combined with, and that is there to break at. */
const breaks = (text: string, at: number): boolean =>
  /[^\S\u00a0\u202f\ufeff]/.test(text[at]!) && !/^[\p{M}\u200d]/u.test(text.slice(at + 1, at + 3));

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Nothing that is one grapheme in practice is longer, in UTF-16 units. */
const longest = 512;

/** The last boundary between graphemes that is not behind `end`; between code points where one grapheme fills the part. */
function graphemeBefore(text: string, start: number, end: number): number {
  let from = end;
  while (from > start && end - from < longest && !(text.charCodeAt(from) < 0x80 && from < end)) from--;
  if (end - from >= longest) from = Math.max(start, end - longest);
  if (isLowSurrogate(text, from)) from--;
  const found = graphemes.segment(text.slice(from, end + longest)).containing(end - from);
  const boundary = from + (found?.index ?? 0);
  if (boundary > start) return boundary;
  return isLowSurrogate(text, end) && end - 1 > start ? end - 1 : end;
}

const isLowSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;
