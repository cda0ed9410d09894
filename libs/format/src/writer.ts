import { trimmed, type Formatted, type MessageEntity, type Style } from './formatted';

interface Open extends Style {
  offset: number;
}

/** Nothing else may stand in these, nor they in anything else but a quote. */
const exclusive = new Set(['code', 'pre']);
/** These may stand in each other, but not in themselves. */
const oneOfAKind = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'blockquote', 'text_link']);

/** Gathers a text and its entities in the way that Telegram takes them, whatever is asked for. */
export class Writer {
  private text = '';
  private readonly entities: MessageEntity[] = [];
  private open: Open[] = [];
  /** What every line but the first begins with. */
  indent = '';

  get isEmpty(): boolean {
    return this.text === '';
  }

  /** Adds text, its further lines indented. */
  write(text: string): void {
    this.text += this.indent === '' ? text : text.replaceAll('\n', `\n${this.indent}`);
  }

  /** Adds what must stand as it is. */
  writeRaw(text: string): void {
    this.text += text;
  }

  isIn(type: string): boolean {
    return this.open.some((style) => style.type === type);
  }

  /** Lets `content` be shown in that style, where Telegram knows that here. */
  styled(style: Style, content: () => void): void {
    if (exclusive.has(style.type)) return this.alone(style, content);
    if (oneOfAKind.has(style.type) && this.isIn(style.type)) return content();
    const own = { ...style, offset: this.text.length };
    this.open.push(own);
    content();
    this.close(own);
    this.open.pop();
  }

  /** Everything but quotes is interrupted meanwhile. */
  private alone(style: Style, content: () => void): void {
    const outer = this.open;
    for (const one of outer) if (one.type !== 'blockquote') this.close(one);
    const own = { ...style, offset: this.text.length };
    content();
    this.close(own);
    for (const one of outer) if (one.type !== 'blockquote') one.offset = this.text.length;
  }

  private close({ offset, ...style }: Open): void {
    const length = this.text.length - offset;
    if (length > 0) this.entities.push({ ...style, offset, length });
  }

  /** The text without white space around it, its entities in order. */
  done(): Formatted {
    return trimmed({ text: this.text, entities: this.entities });
  }
}
