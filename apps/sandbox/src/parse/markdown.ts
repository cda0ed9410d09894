import type { Refusal } from '../call';
import { byteOffset, cantParse, type FormattedText, linkEntity, type MessageEntity } from './formatted';

const MARKS = [
  { mark: '```', type: 'pre' },
  { mark: '`', type: 'code' },
  { mark: '*', type: 'bold' },
  { mark: '_', type: 'italic' },
];

/** Reads Telegram's old `parse_mode: Markdown`: no nesting, and only `_ * [` and the backtick can be escaped. */
export function parseMarkdown(source: string): FormattedText | Refusal {
  const entities: MessageEntity[] = [];
  let text = '';
  let index = 0;
  while (index < source.length) {
    const char = source.charAt(index);
    if (char === '\\' && '_*`['.includes(source.charAt(index + 1) || ' ')) {
      text += source.charAt(index + 1);
      index += 2;
      continue;
    }
    const found = MARKS.find(({ mark }) => source.startsWith(mark, index));
    if (!found && char !== '[') {
      text += char;
      index += 1;
      continue;
    }
    const closing = found?.mark ?? ']';
    const opened = index + (found?.mark.length ?? 1);
    const end = source.indexOf(closing, opened);
    if (end === -1) {
      return cantParse(`Can't find end of the entity starting at byte offset ${byteOffset(source, index)}`);
    }
    const inner = source.slice(opened, end);
    const place = { offset: text.length, length: inner.length };
    text += inner;
    index = end + closing.length;
    if (found && inner !== '') entities.push({ ...place, type: found.type });
    if (!found && source[index] === '(') {
      const close = source.indexOf(')', index);
      const link = linkEntity(source.slice(index + 1, close === -1 ? undefined : close));
      if (link && inner !== '') entities.push({ ...place, ...link });
      index = close === -1 ? source.length : close + 1;
    }
  }
  return { text, entities };
}
