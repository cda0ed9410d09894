import { trimmed, type Formatted, type MessageEntity, type Style } from './formatted';

/** What is shown in a certain way from that place on. */
export interface Open {
  type: string;
  /** In the text as it is shown. */
  offset: number;
  /** In the text as it is written. */
  writtenAt: number;
}

/** Gathers what a markup shows, while its entities begin and end. */
export class OpenEntities<O extends Open> {
  private readonly pieces: string[] = [];
  private readonly entities: MessageEntity[] = [];
  private readonly open: O[] = [];
  /** UTF-16 units shown so far. */
  length = 0;

  get top(): O | undefined {
    return this.open.at(-1);
  }

  get depth(): number {
    return this.open.length;
  }

  show(text: string): void {
    this.pieces.push(text);
    this.length += text.length;
  }

  begin(entity: O): void {
    this.open.push(entity);
  }

  /** Ends the innermost one. `become`: what it is, by what it turned out to cover; undefined: nothing. */
  end(become: (shown: () => string) => Style | undefined): void {
    const { offset } = this.open.pop()!;
    const length = this.length - offset;
    const entity = length > 0 ? become(() => this.since(offset)) : undefined;
    if (entity) this.entities.push({ ...entity, offset, length });
  }

  /** The last entity that ended, where it covers just what has been shown since that place; it is taken out. */
  takeSame(offset: number): MessageEntity | undefined {
    const last = this.entities.at(-1);
    return last?.offset === offset && last.length === this.length - offset ? this.entities.pop() : undefined;
  }

  /** The text, and its entities as Telegram takes them: nothing stands in code, and no quote in a quote. */
  done(): Formatted {
    const all = trimmed({ text: this.pieces.join(''), entities: this.entities });
    let [codeEnd, quoteEnd] = [0, 0];
    const entities = all.entities.filter(({ type, offset, length }) => {
      if (offset < codeEnd || (isQuote(type) && offset < quoteEnd)) return false;
      if (type === 'code' || type === 'pre') codeEnd = offset + length;
      if (isQuote(type)) quoteEnd = offset + length;
      return true;
    });
    return { ...all, entities };
  }

  private since(offset: number): string {
    const parts: string[] = [];
    for (let [at, length] = [this.pieces.length, this.length]; length > offset;) {
      const piece = this.pieces[--at]!;
      length -= piece.length;
      parts.unshift(length < offset ? piece.slice(offset - length) : piece);
    }
    return parts.join('');
  }
}

const isQuote = (type: string): boolean => type === 'blockquote' || type === 'expandable_blockquote';
