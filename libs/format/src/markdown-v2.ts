import type { Formatted, Problem } from './formatted';
import { linked } from './links';
import { OpenEntities, type Open } from './open-entities';

interface OpenMark extends Open {
  /** What ends it, unless it is a quote, which its line does. */
  ending?: string;
  language?: string;
}

/** What begins where, by its mark; the longest is looked for first. */
const typeOf: Readonly<Record<string, string>> = {
  ...{ '```': 'pre', '`': 'code', __: 'underline', '||': 'spoiler', '![': 'custom_emoji' },
  ...{ _: 'italic', '*': 'bold', '~': 'strikethrough', '[': 'text_link' },
};
const endingOf: Readonly<Record<string, string>> = { '![': ']', '[': ']' };

/** An escaped character, a mark, a line break, or all up to the next of these. */
const next = /\\[\x01-\x7e]|```|__|\|\||!\[|[\n_*[\]()~`>#+\-=|{}.!]|\\|[^\\\n_*[\]()~`>#+\-=|{}.!]+/y;
/** In code everything but the backtick and what is escaped stands for itself. */
const nextOfCode = /\\[\x01-\x7e]|```|`|\\|[^\\`]+/y;

/** Reads `parse_mode: MarkdownV2` by Telegram's own rules. Takes time in proportion to the text. */
export const fromMarkdownV2 = (source: string): Formatted | Problem => new Reader(source).read();

class Reader {
  private at = 0;
  /** A `>` begins a quote: nothing but marks has been read since the last line break. */
  private canQuote = true;
  private isQuoting = false;
  private readonly shown = new OpenEntities<OpenMark>();

  constructor(private readonly source: string) {}

  read(): Formatted | Problem {
    while (this.at < this.source.length) {
      const problem = this.step();
      if (problem) return problem;
    }
    if (this.shown.top?.type === 'blockquote') this.shown.end(() => ({ type: 'blockquote' }));
    return this.unended() ?? this.shown.done();
  }

  private step(): Problem | undefined {
    const { top } = this.shown;
    const isCode = top?.type === 'code' || top?.type === 'pre';
    const expected = isCode ? nextOfCode : next;
    expected.lastIndex = this.at;
    const token = expected.exec(this.source)![0];
    if (token.length === 2 && token[0] === '\\') return this.show(token[1]!, 2);
    if (token === '\n' && this.isQuoting) return this.endLine();
    if (top && this.ends(top)) return this.end(top);
    if (token === '>' && this.canQuote && !top) return this.begin('blockquote', 1);
    const type = isCode && token !== '`' ? undefined : typeOf[token];
    if (type !== undefined) return this.begin(type, token.length, endingOf[token] ?? token);
    if (!isCode && /^(\|\||[_*[\]()~`>#+\-=|{}.!])/.test(token)) {
      return { problem: `must have \\ before the ${token[0]} at position ${this.at}, which Telegram reserves` };
    }
    return this.show(token, token.length);
  }

  private show(text: string, length: number): undefined {
    this.shown.show(text);
    this.at += length;
    this.canQuote = text.endsWith('\n');
  }

  private begin(type: string, length: number, ending?: string): undefined {
    const entity: OpenMark = { type, offset: this.shown.length, writtenAt: this.at, ending };
    this.at += length;
    if (type === 'blockquote') this.isQuoting = true;
    if (type === 'pre') {
      const [, language, gap = ''] = /^([^\s`]*)(\r\n|\n\r|[\n\r])?/.exec(this.source.slice(this.at, this.at + 256))!;
      const isNamed = language !== '' && /\s/.test(this.source[this.at + language!.length] ?? '');
      if (isNamed) entity.language = language;
      if (isNamed || language === '') this.at += language!.length + gap.length;
    }
    this.shown.begin(entity);
  }

  private ends({ type, ending }: OpenMark): boolean {
    if (type === 'blockquote') {
      return this.source.startsWith('||', this.at) && /^(\n|$)/.test(this.source.slice(this.at + 2, this.at + 3));
    }
    if (type === 'italic' && this.source.startsWith('__', this.at)) return false; // Underline is read first.
    return this.source.startsWith(ending!, this.at);
  }

  private end(top: OpenMark): Problem | undefined {
    if (top.type === 'text_link' || top.type === 'custom_emoji') return this.endLink(top);
    this.at += top.ending?.length ?? 2;
    if (top.type === 'blockquote') this.isQuoting = false;
    const type = top.type === 'blockquote' ? 'expandable_blockquote' : top.type;
    this.shown.end(() => ({ type, ...(top.language !== undefined && { language: top.language }) }));
    return undefined;
  }

  private endLink({ type, writtenAt }: OpenMark): Problem | undefined {
    this.at += 1;
    let url = '';
    if (this.source[this.at] === '(') {
      const target = /\(((?:\\[^]|[^\\)])*)\)/y;
      target.lastIndex = this.at;
      const [whole, written] = target.exec(this.source) ?? [];
      if (whole === undefined) return { problem: `must close the address that begins at position ${this.at}` };
      url = written!.replace(/\\([\x01-\x7e])/g, '$1');
      this.at += whole.length;
    }
    if (type === 'text_link') {
      this.shown.end((text) => linked(url || text()));
      return undefined;
    }
    const emoji = /^tg:\/\/emoji\/?\?id=(\d+)$/i.exec(url)?.[1];
    const [, unix, format] = /^tg:\/\/time\/?\?unix=(\d+)(?:&format=(\w*))?$/i.exec(url) ?? [];
    if (emoji === undefined && unix === undefined) {
      return { problem: `must lead to tg://emoji?id=… or tg://time?unix=…: the ![ at position ${writtenAt}` };
    }
    this.shown.end(() =>
      emoji !== undefined
        ? { type: 'custom_emoji', custom_emoji_id: emoji }
        : { type: 'date_time', unix_time: Number(unix), ...(format && { date_time_format: format }) },
    );
    return undefined;
  }

  /** A quote goes on where the next line begins with `>` as well. */
  private endLine(): Problem | undefined {
    const goesOn = this.source[this.at + 1] === '>';
    if (!goesOn) {
      if (this.shown.depth > 1) return this.unended();
      this.shown.end(() => ({ type: 'blockquote' }));
      this.isQuoting = false;
    }
    this.show('\n', goesOn ? 2 : 1);
    if (goesOn) this.canQuote = false;
    return undefined;
  }

  private unended(): Problem | undefined {
    const { top } = this.shown;
    return top && { problem: `must end the ${top.type} that begins at position ${top.writtenAt}` };
  }
}
