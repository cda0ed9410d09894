/** A part of a text that is shown in a certain way, as the Bot API names it; offset and length in UTF-16 units. */
export interface MessageEntity {
  type: string;
  offset: number;
  length: number;
  /** Of `text_link`. */
  url?: string;
  /** Of `pre`. */
  language?: string;
  [other: string]: unknown;
}

/** A text and how its parts are shown: what Telegram is given instead of markup. */
export interface Formatted {
  text: string;
  entities: MessageEntity[];
}

/** What a part of a text is, wherever it stands. */
export interface Style {
  type: string;
  [other: string]: unknown;
}

/** Why Telegram would refuse a markup, in words for whoever wrote it. */
export interface Problem {
  problem: string;
}

/** In the order in which Telegram names them: by where they begin, the outer before the inner. */
export const inOrder = (a: MessageEntity, b: MessageEntity): number => a.offset - b.offset || b.length - a.length;

/** The text without white space around it, its entities in order and none of them empty. */
export function trimmed({ text, entities }: Formatted): Formatted {
  const whole = text.trimEnd();
  const shown = whole.trimStart();
  const start = whole.length - shown.length;
  const isWhole = start === 0 && whole.length === text.length;
  return { text: shown, entities: (isWhole ? entities : clipped(entities, start, whole.length)).sort(inOrder) };
}

/** What of these entities lies between two places, counted from the first. */
export function clipped(entities: readonly MessageEntity[], start: number, end: number): MessageEntity[] {
  return entities.flatMap((entity) => {
    const from = Math.max(entity.offset, start);
    const length = Math.min(entity.offset + entity.length, end) - from;
    if (length <= 0) return [];
    return start === 0 && length === entity.length ? [entity] : [{ ...entity, offset: from - start, length }];
  });
}
