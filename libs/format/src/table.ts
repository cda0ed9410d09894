import type { Tokens } from 'marked';
import { writeInline } from './inline';
import type { References } from './link-target';
import { Writer } from './writer';

/** A table as lines of one width for each column, to be shown in a font of one width. */
export function tableText({ header, rows, align }: Tokens.Table, references: References): string {
  const lines = [header, ...rows].map((row) => row.map(({ text }) => cellText(text, references)));
  const widths = header.map((_, column) => Math.max(1, ...lines.map((line) => widthOf(line[column] ?? ''))));
  const [head, ...body] = lines.map((line) =>
    widths
      .map((width, column) => padded(line[column] ?? '', width, align[column]))
      .join(' │ ')
      .trimEnd(),
  );
  return [head, widths.map((width) => '─'.repeat(width)).join('─┼─'), ...body].join('\n');
}

function cellText(source: string, references: References): string {
  const writer = new Writer();
  writeInline(source, writer, references);
  return writer.done().text.replace(/\s+/g, ' ');
}

function padded(text: string, width: number, align: 'center' | 'left' | 'right' | null | undefined): string {
  const gap = width - widthOf(text);
  const before = align === 'right' ? gap : align === 'center' ? gap >> 1 : 0;
  return ' '.repeat(before) + text + ' '.repeat(gap - before);
}

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u;
const invisible = /\p{M}|[\u200b-\u200f]|\u2060|\ufe0f/u;

/** Columns that a text takes where every letter is as wide; emoji and Chinese characters take two. */
function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
