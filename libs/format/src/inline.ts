import { decode } from './character-references';
import { CodeSpans } from './code-spans';
import { Delimiters, type Delimiter } from './delimiters';
import { readTarget, type References } from './link-target';
import { linked } from './links';
import type { Piece } from './piece';
import type { Writer } from './writer';

/** A `[` or `![` that may begin a link. */
interface Bracket {
  piece: Piece;
  /** Where its text begins. */
  at: number;
  isImage: boolean;
  bottom: Delimiter | undefined;
}

/** An escape, a break, marks, what stands for itself, or all up to the next of these. */
const token =
  /\\[!-/:-@[-`{-~\n]|`+|\*+|_+|~+|\|+|!\[|<(?:[a-z][a-z\d+.-]{1,31}:[^\s<>]*|[\w.+-]{1,64}@[\w.-]{1,255})>|https?:\/\/[^\s<>[\]()*`|\\]+|(?:[^\\`*_~|![\]<h]+|h(?!ttps?:\/\/))+|[^]/iy;

/**
 * Writes what stands within a paragraph, a heading, a cell: CommonMark with ~~strikethrough~~ and ||spoilers||. HTML is
 * not interpreted: what somebody writes cannot become something else. Takes time in proportion to the text.
 */
export function writeInline(source: string, to: Writer, references: References = {}): void {
  if (!/[\\`*_~|[\]<]/.test(source)) return to.write(decode(trimLines(source)));
  for (const { text, code, begins, ends, shownAfter } of new Inline(trimLines(source), references).read()) {
    if (ends) for (const type of ends) to.end(type);
    if (shownAfter !== undefined) to.write(shownAfter);
    if (code) to.writeCode(code, text);
    else if (text !== '') to.write(text);
    if (begins) for (let last = begins.length - 1; last >= 0; last--) to.begin(begins[last]!);
  }
}

/** White space around a line break shows nothing. */
const trimLines = (text: string): string =>
  text.includes('\n')
    ? text
        .split('\n')
        .map((line) => line.trim())
        .join('\n')
    : text;

/** Most pictures that may be begun around a link. */
const deepest = 100;

class Inline {
  private readonly pieces: Piece[] = [];
  private readonly delimiters = new Delimiters();
  private readonly codeSpans: CodeSpans;
  private brackets: Bracket[] = [];
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly references: References,
  ) {
    this.codeSpans = new CodeSpans(source);
  }

  read(): Piece[] {
    while (this.at < this.source.length) {
      token.lastIndex = this.at;
      const [text] = token.exec(this.source)!;
      this.take(text);
    }
    this.delimiters.pair(undefined);
    return this.pieces;
  }

  private take(text: string): void {
    const start = this.at;
    this.at += text.length;
    switch (text[0]) {
      case '`':
        return this.takeCode(start, text);
      case '*':
      case '_':
      case '~':
      case '|':
        return this.delimiters.add(this.add(text), this.source, start);
      case '[':
        return this.openBracket(text, false);
      case ']':
        return this.closeBracket();
      case '!':
        if (text === '![') return this.openBracket(text, true);
        break;
      case '<':
        if (text.length > 1) return void this.add(text.slice(1, -1)); // Telegram finds it by itself.
        break;
      case '\\':
        return void this.add(text.length > 1 ? text[1]! : text);
      case 'h':
      case 'H':
        if (/^https?:\/\//i.test(text)) return this.takeAddress(text);
        break;
      default:
    }
    this.add(decode(text));
  }

  /** Marks at the end of an address are not its own; those within are. */
  private takeAddress(address: string): void {
    let end = address.length;
    while (/[?!.,:;_~'"]/.test(address[end - 1]!)) end--;
    const own = address.slice(0, end);
    this.at -= address.length - end;
    this.add(decode(own));
  }

  private add(text: string, more: Partial<Piece> = {}): Piece {
    const piece: Piece = { text, code: more.code, begins: undefined, ends: more.ends, shownAfter: more.shownAfter };
    this.pieces.push(piece);
    return piece;
  }

  private takeCode(start: number, run: string): void {
    const end = this.codeSpans.endOf(start, run.length);
    if (end === undefined) return void this.add(run);
    const code = this.source.slice(this.at, end).replaceAll('\n', ' ');
    this.add(/^ .*[^ ].* $/.test(code) ? code.slice(1, -1) : code, { code: { type: 'code' } });
    this.at = end + run.length;
  }

  private openBracket(text: string, isImage: boolean): void {
    const piece = this.add(text);
    this.brackets.push({ piece, at: this.at, isImage, bottom: this.delimiters.last });
  }

  private closeBracket(): void {
    const bracket = this.brackets.pop();
    const target = bracket && readTarget(this.source, bracket.at, this.at, this.references);
    if (!bracket || !target) return void this.add(']');
    this.at = target.end;
    this.delimiters.pair(bracket.bottom);
    bracket.piece.text = '';
    const href = decode(target.href);
    const style = linked(href, true);
    if (style) {
      (bracket.piece.begins ??= []).push(style);
      this.add('', { ends: [style.type] });
    } else if (href !== '' && !/^javascript:/i.test(href)) this.add('', { shownAfter: ` (${href})` });
    // No link stands in a link; that pictures stand in pictures means nothing from some depth on.
    if (!bracket.isImage) this.brackets = this.brackets.filter(({ isImage }) => isImage).slice(-deepest);
  }
}
