import { Lexer, type Token, type Tokens } from 'marked';
import type { Formatted } from './formatted';
import { writeInline } from './inline';
import type { References } from './link-target';
import { tableText } from './table';
import { Writer } from './writer';

/**
 * Reads CommonMark with tables, task lists, strikethrough and `||spoilers||`. Whatever is written, Telegram takes the
 * result: HTML in it is text, quotes in quotes are one quote, and what is nested too deep to be read stays as it is written.
 * Takes time in proportion to the text.
 */
export function fromMarkdown(source: string): Formatted {
  if (isBeyondReading(source)) return { text: source.trim(), entities: [] };
  const lexer = new Lexer({ gfm: true });
  // Blocks alone: what stands in them is read here, since marked's time for that grows with the square of the text.
  const blocks = lexer.blockTokens(source.replace(/\r\n?/g, '\n'), []);
  const page = new Page(lexer.tokens.links);
  page.writeBlocks(blocks, '\n\n');
  return page.to.done();
}

/** Signs of nesting in a row, levels of indentation, and quotes that go on without their sign: more than anybody means. */
const nested = /^(?:[ \t]{0,4}(?:>|(?:[*+-]|\d{1,9}[.)])(?=[ \t]))){24}/m;
const indented = /^[ \t]{200,}(?:[*+-]|\d{1,9}[.)])[ \t]/m;
const lazyQuote = /^ {0,3}>.*\n(?! {0,3}>)[^\n]*\S/gm;
const mostLazyQuotes = 1_000;

/** Reading the blocks of these takes marked too long, or more stack than there is. */
const isBeyondReading = (source: string): boolean =>
  nested.test(source) || indented.test(source) || (source.match(lazyQuote)?.length ?? 0) > mostLazyQuotes;

/** The blocks of one document, as they are written. */
class Page {
  readonly to = new Writer();

  constructor(private readonly references: References) {}

  writeBlocks(tokens: readonly Token[], between: string): void {
    let isFirst = true;
    for (const token of tokens) {
      if (token.type === 'space' || token.type === 'def') continue;
      if (!isFirst) this.to.write(between);
      isFirst = false;
      this.writeBlock(token);
    }
  }

  private writeBlock(token: Token): void {
    const { to } = this;
    switch (token.type) {
      case 'heading':
        return to.styled({ type: 'bold' }, () => this.writeInline((token as Tokens.Heading).text));
      case 'paragraph':
      case 'text':
        return this.writeInline((token as Tokens.Text).text);
      case 'code': {
        const { text, lang } = token as Tokens.Code;
        const language = /^[^\s`]+/.exec(lang ?? '')?.[0];
        return to.writeCode({ type: 'pre', ...(language && { language }) }, text);
      }
      case 'blockquote':
        // Telegram nests no quotes.
        if (to.isIn('blockquote')) to.write('» ');
        return to.styled({ type: 'blockquote' }, () => this.writeBlocks(token.tokens ?? [], '\n'));
      case 'list':
        return this.writeList(token as Tokens.List);
      case 'table':
        return to.writeCode({ type: 'pre' }, tableText(token as Tokens.Table, this.references));
      case 'hr':
        return to.write('———');
      default:
        return to.write(token.raw.trimEnd());
    }
  }

  private writeInline(text: string): void {
    writeInline(text, this.to, this.references);
  }

  private writeList({ items, ordered, start }: Tokens.List): void {
    const { to } = this;
    const outer = to.indent;
    items.forEach((item, at) => {
      if (at > 0) to.write('\n');
      const number = `${Number(start || 1) + at}. `;
      to.write(item.task ? (item.checked ? '☑ ' : '☐ ') : ordered ? number : '• ');
      to.indent = `${outer}${' '.repeat(ordered ? number.length : 2)}`;
      this.writeBlocks(item.tokens, '\n');
      to.indent = outer;
    });
  }
}
