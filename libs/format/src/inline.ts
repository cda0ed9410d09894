import type { Token, Tokens } from 'marked';
import { decode } from './character-references';
import { linkable } from './links';
import type { Writer } from './writer';

/** Writes what stands within a paragraph, a heading, a cell. */
export function writeInline(tokens: readonly Token[], to: Writer): void {
  for (const token of tokens) writeToken(token, to);
}

const styles: Record<string, string> = { strong: 'bold', em: 'italic', del: 'strikethrough', spoiler: 'spoiler' };

function writeToken(token: Token, to: Writer): void {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
    case 'spoiler':
      return to.styled({ type: styles[token.type]! }, () => writeInline(token.tokens ?? [], to));
    case 'codespan': {
      const { text } = token as Tokens.Codespan;
      return to.styled({ type: 'code' }, () => to.writeRaw(text));
    }
    case 'br':
      return to.write('\n');
    case 'escape':
      return to.write((token as Tokens.Escape).text);
    case 'link':
      return writeLink(token as Tokens.Link, to);
    case 'image': {
      const { text, href } = token as Tokens.Image;
      return writeAddress(href, to, () => to.write(decode(text) || href));
    }
    case 'text':
      return token.tokens ? writeInline(token.tokens, to) : to.write(decode((token as Tokens.Text).text));
    default:
      return to.write(token.raw); // HTML is not interpreted: what somebody writes cannot become something else.
  }
}

function writeLink({ href, tokens, raw }: Tokens.Link, to: Writer): void {
  const isBare = !raw.startsWith('[');
  if (isBare) return writeInline(tokens, to); // Telegram finds it by itself.
  writeAddress(href, to, () => writeInline(tokens, to));
}

/** Where Telegram takes no such link, the address is shown behind its text. */
function writeAddress(href: string, to: Writer, content: () => void): void {
  const url = linkable(decode(href));
  if (url !== undefined) return to.styled({ type: 'text_link', url }, content);
  content();
  if (href !== '' && !/^javascript:/i.test(href)) to.write(` (${decode(href)})`);
}
