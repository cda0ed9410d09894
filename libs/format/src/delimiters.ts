import type { Style } from './formatted';
import type { Piece } from './piece';

/** A run of characters that may begin or end a style, by CommonMark's rules. */
export interface Delimiter {
  piece: Piece;
  char: string;
  /** Characters that are left of it, and how many there were. */
  count: number;
  length: number;
  opens: boolean;
  closes: boolean;
  before: Delimiter | undefined;
  after: Delimiter | undefined;
  /** Grows from run to run. */
  number: number;
}

/** What a run of each kind makes of what stands between two of them, by how many characters of it are used. */
const styles: Readonly<Record<string, readonly (Style | undefined)[]>> = {
  '*': [undefined, { type: 'italic' }, { type: 'bold' }],
  _: [undefined, { type: 'italic' }, { type: 'bold' }],
  '~': [undefined, { type: 'strikethrough' }, { type: 'strikethrough' }],
  '|': [undefined, undefined, { type: 'spoiler' }],
};

const [space, punctuation, other] = [0, 1, 2];

/** Of the characters that most texts are made of, so that few have to be looked up. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => kindOfCharacter(String.fromCharCode(code)));

function kindOfCharacter(character: string): number {
  return /^(\s|$)/u.test(character) ? space : /^[\p{P}\p{S}]/u.test(character) ? punctuation : other;
}

/** The kind of the character that a text ends with, or of the one that it has at a place. */
function kindBefore(text: string, at: number): number {
  const code = at > 0 ? text.charCodeAt(at - 1) : 32;
  if (code < 128) return kinds[code]!;
  return kindOfCharacter((code & 0xfc00) === 0xdc00 ? text.slice(at - 2, at) : text[at - 1]!);
}

function kindAt(text: string, at: number): number {
  const code = at < text.length ? text.charCodeAt(at) : 32;
  return code < 128 ? kinds[code]! : kindOfCharacter(text.slice(at, at + 2));
}

/** The runs of one text that are not used up yet, the latest at the end. Takes time in proportion to their number. */
export class Delimiters {
  last: Delimiter | undefined;
  private first: Delimiter | undefined;
  private added = 0;

  /** @param source the text that the run stands in, at `start` */
  add(piece: Piece, source: string, start: number): void {
    const { text } = piece;
    const char = text[0]!;
    if ((char === '~' || char === '|') && !styles[char]![text.length]) return;
    const [before, after] = [kindBefore(source, start), kindAt(source, start + text.length)];
    const left = after !== space && (after === other || before !== other);
    const right = before !== space && (before === other || after !== other);
    // Words may have underscores in them.
    const opens = left && (char !== '_' || !right || before === punctuation);
    const closes = right && (char !== '_' || !left || after === punctuation);
    if (!opens && !closes) return;
    const { length } = text;
    const { last } = this;
    const number = this.added++;
    // prettier-ignore
    const added: Delimiter = { piece, char, count: length, length, opens, closes, before: last, after: undefined, number };
    if (last) last.after = added;
    else this.first = added;
    this.last = added;
  }

  /** Makes styles of all pairs above `bottom`, and forgets what is left of them. */
  pair(bottom: Delimiter | undefined): void {
    /** Up to which number no kind of closer needs to look for what it closes: it was looked for there before. */
    const bottoms = new Map<number, number>();
    const lowest = bottom?.number ?? -1;
    let closer = bottom ? bottom.after : this.first;
    while (closer) {
      if (!closer.closes) {
        closer = closer.after;
        continue;
      }
      const kind = kindOf(closer);
      const floor = bottoms.get(kind) ?? lowest;
      let opener = closer.before;
      while (opener && opener.number > floor && !matches(opener, closer)) opener = opener.before;
      if (!opener || opener.number <= floor) {
        bottoms.set(kind, closer.before?.number ?? lowest);
        const next: Delimiter | undefined = closer.after;
        if (!closer.opens) this.remove(closer);
        closer = next;
        continue;
      }
      closer = this.use(opener, closer);
    }
    this.last = bottom;
    if (bottom) bottom.after = undefined;
    else this.first = undefined;
  }

  /** @returns the closer to go on with */
  private use(opener: Delimiter, closer: Delimiter): Delimiter | undefined {
    const isEmphasis = closer.char === '*' || closer.char === '_';
    const used = isEmphasis ? (opener.count >= 2 && closer.count >= 2 ? 2 : 1) : closer.count;
    const style = styles[closer.char]![used]!;
    (opener.piece.begins ??= []).push(style);
    (closer.piece.ends ??= []).push(style.type);
    // What stands between them is paired with nothing beyond.
    opener.after = closer;
    closer.before = opener;
    shorten(opener, used);
    shorten(closer, used);
    if (opener.count === 0) this.remove(opener);
    if (closer.count > 0) return closer;
    const { after } = closer;
    this.remove(closer);
    return after;
  }

  private remove({ before, after }: Delimiter): void {
    if (before) before.after = after;
    else this.first = after;
    if (after) after.before = before;
    else this.last = before;
  }
}

function shorten(run: Delimiter, used: number): void {
  run.count -= used;
  run.piece.text = run.count === 0 ? '' : run.piece.text.slice(used);
}

/** Closers of one kind close the same openers. */
const kindOf = ({ char, opens, length, count }: Delimiter): number =>
  char.charCodeAt(0) * 8 + (char === '*' || char === '_' ? (opens ? 4 : 0) + (length % 3) : count);

function matches(opener: Delimiter, closer: Delimiter): boolean {
  if (!opener.opens || opener.char !== closer.char) return false;
  if (closer.char !== '*' && closer.char !== '_') return opener.count === closer.count;
  const isOdd = (opener.closes || closer.opens) && (opener.length + closer.length) % 3 === 0;
  return !isOdd || (opener.length % 3 === 0 && closer.length % 3 === 0);
}
