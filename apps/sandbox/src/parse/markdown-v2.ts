import { Refusal } from '../call';
import {
  byteOffset,
  cantParse,
  customEmojiId,
  type FormattedText,
  linkEntity,
  type MessageEntity,
  timeOf,
} from './formatted';

const RESERVED = '_*[]()~`>#+-=|{}.!';

const TITLES: Record<string, string> = {
  bold: 'Bold',
  italic: 'Italic',
  underline: 'Underline',
  strikethrough: 'Strikethrough',
  spoiler: 'Spoiler',
  code: 'Code',
  pre: 'Pre',
  text_link: 'TextUrl',
  custom_emoji: 'CustomEmoji',
  blockquote: 'BlockQuote',
};

/** The marks that end an entity, the longest first where one begins with another. */
const ENDINGS: Record<string, string> = {
  bold: '*',
  italic: '_',
  underline: '__',
  strikethrough: '~',
  spoiler: '||',
  code: '`',
  pre: '```',
  text_link: ']',
  custom_emoji: ']',
};

interface OpenEntity {
  type: string;
  /** Where it begins in the text made so far. */
  offset: number;
  /** Where it begins in the source. */
  begin: number;
  language?: string;
}

/** One pass over Telegram's `parse_mode: MarkdownV2`, stopping at the first mistake. */
class MarkdownV2 {
  private text = '';
  private index = 0;
  private readonly entities: MessageEntity[] = [];
  private readonly open: OpenEntity[] = [];
  /** Nothing was written since the last line break, so a `>` begins a quotation. */
  private lineStart = true;

  constructor(private readonly source: string) {}

  parse(): FormattedText | Refusal {
    while (this.index < this.source.length) {
      const wrong = this.step();
      if (wrong) return wrong;
    }
    if (this.open.at(-1)?.type === 'blockquote') this.close('blockquote');
    return this.unended() ?? { text: this.text, entities: this.entities };
  }

  private step(): Refusal | undefined {
    const char = this.source.charAt(this.index);
    const escaped = char === '\\' ? this.source.charCodeAt(this.index + 1) : 0;
    if (escaped > 0 && escaped <= 126) return this.write(this.source.charAt(this.index + 1), 2);
    const top = this.open.at(-1);
    const isCode = top?.type === 'code' || top?.type === 'pre';
    if (char === '\n' && this.open[0]?.type === 'blockquote' && !isCode) return this.quotedLineEnd();
    if (isCode ? char !== '`' : !RESERVED.includes(char)) return this.write(char, 1);
    return top && this.ends(top) ? this.end(top) : this.start(char);
  }

  private write(char: string, consumed: number): undefined {
    this.text += char;
    this.index += consumed;
    this.lineStart = char === '\n';
  }

  /** The next line goes on with the quotation when it begins with `>` as well. */
  private quotedLineEnd(): Refusal | undefined {
    const goesOn = this.follows('>', 1);
    if (!goesOn) {
      if (this.open.length > 1) return this.unended();
      this.close('blockquote');
    }
    this.write('\n', goesOn ? 2 : 1);
    if (goesOn) this.lineStart = false;
    return undefined;
  }

  private ends({ type }: OpenEntity): boolean {
    if (type === 'blockquote') {
      const after = this.source[this.index + 2];
      return this.follows('||') && (after === undefined || after === '\n');
    }
    // `__` is always read as underline first.
    if (type === 'italic' && this.follows('__')) return false;
    return this.follows(ENDINGS[type] ?? '');
  }

  private end(top: OpenEntity): Refusal | undefined {
    if (top.type === 'blockquote') {
      this.close('expandable_blockquote');
      this.index += 2;
      return undefined;
    }
    if (top.type === 'text_link' || top.type === 'custom_emoji') return this.endLink(top);
    this.close(top.type, top.language ? { language: top.language } : {});
    this.index += (ENDINGS[top.type] ?? '').length;
    return undefined;
  }

  private endLink(top: OpenEntity): Refusal | undefined {
    const begin = this.index + 1;
    const hasUrl = this.source[begin] === '(';
    let url = '';
    if (hasUrl) {
      let at = begin + 1;
      for (; at < this.source.length && this.source[at] !== ')'; at += 1) {
        const code = this.source.charCodeAt(at + 1);
        if (this.source[at] === '\\' && code > 0 && code <= 126) at += 1;
        url += this.source.charAt(at);
      }
      if (at >= this.source.length)
        return cantParse(`Can't find end of a URL at byte offset ${byteOffset(this.source, begin)}`);
      this.index = at + 1;
    } else {
      this.index = begin;
    }
    if (top.type === 'text_link') {
      const link = linkEntity(url || this.text.slice(top.offset));
      this.close('text_link', link);
      return undefined;
    }
    const id = customEmojiId(url);
    const time = timeOf(url);
    if (id) this.close('custom_emoji', { custom_emoji_id: id });
    else if (time) this.close('date_time', time);
    else return cantParse('Custom emoji URL must have an emoji identifier');
    return undefined;
  }

  private start(char: string): Refusal | undefined {
    const begin = this.index;
    const push = (type: string, consumed: number, language?: string): undefined => {
      this.open.push({ type, offset: this.text.length, begin, language });
      this.index += consumed;
    };
    if (char === '_') return this.follows('__') ? push('underline', 2) : push('italic', 1);
    if (char === '*') return push('bold', 1);
    if (char === '~') return push('strikethrough', 1);
    if (char === '[') return push('text_link', 1);
    if (this.follows('||')) return push('spoiler', 2);
    if (this.follows('![')) return push('custom_emoji', 2);
    if (this.follows('```')) {
      const language = /^[^\s`]+(?=\s)/.exec(this.source.slice(begin + 3, begin + 100))?.[0];
      const lineBreak = this.source[begin + 3 + (language?.length ?? 0)] === '\n' ? 1 : 0;
      return push('pre', 3 + (language?.length ?? 0) + lineBreak, language);
    }
    if (char === '`') return push('code', 1);
    if (char === '>' && this.lineStart && this.open.length === 0) return push('blockquote', 1);
    return cantParse(`Character '${char}' is reserved and must be escaped with the preceding '\\'`);
  }

  private follows(mark: string, ahead = 0): boolean {
    return this.source.startsWith(mark, this.index + ahead);
  }

  /** Ends the innermost entity here; an empty one, and a link that leads nowhere, leave no trace. */
  private close(type: string, extra: Partial<MessageEntity> | undefined = {}): void {
    const offset = this.open.pop()?.offset ?? 0;
    const length = this.text.length - offset;
    if (length > 0 && (type !== 'text_link' || extra.type)) this.entities.push({ type, offset, length, ...extra });
  }

  private unended(): Refusal | undefined {
    const left = this.open.at(-1);
    if (!left) return undefined;
    const name = TITLES[left.type] ?? left.type;
    return cantParse(`Can't find end of ${name} entity at byte offset ${byteOffset(this.source, left.begin)}`);
  }
}

/** Reads Telegram's `parse_mode: MarkdownV2`. */
export const parseMarkdownV2 = (source: string): FormattedText | Refusal => new MarkdownV2(source).parse();
