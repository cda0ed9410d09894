import { limits, type Format } from '@app/contracts';
import { fromHtml, fromMarkdown, fromMarkdownV2, type Formatted, type MessageEntity } from '@app/format';

export type Payload = Record<string, unknown>;

/** Where a call carries text. */
export interface Slot {
  name: 'text' | 'caption';
  entities: 'entities' | 'caption_entities';
  /** UTF-16 units that Telegram takes there. */
  limit: number;
}

export const text: Slot = { name: 'text', entities: 'entities', limit: limits.text };
export const caption: Slot = { name: 'caption', entities: 'caption_entities', limit: limits.caption };

/** More lose their formatting without a word (tdlib/telegram-bot-api #820). */
const mostEntities = 100;

type Read = (Formatted & { degradation?: 'plain_text' }) | { problem: string };

/**
 * Reads the text of a call as it is written. Undefined where there is none, or where it is Telegram's as it stands: short
 * enough, and not in one of our formats.
 */
export function readText(payload: Payload, slot: Slot, format: Format | undefined): Read | undefined {
  const written = payload[slot.name];
  if (typeof written !== 'string') return undefined;
  if (format !== undefined && format !== 'plain') return parse(written, format);
  const entities = entitiesOf(payload[slot.entities]);
  if (written.length <= slot.limit && entities.length <= mostEntities) return undefined;
  if (payload.parse_mode === undefined || payload.parse_mode === null) return { text: written, entities };
  const mode = typeof payload.parse_mode === 'string' ? payload.parse_mode.toLowerCase() : '';
  if (mode === 'html' || mode === 'markdownv2') return parse(written, mode);
  return { problem: `must be at most ${slot.limit} UTF-16 units long with that parse_mode; it has ${written.length}` };
}

/** The call with that text in place of its own, which no parse mode reads any more. */
export function withText(payload: Payload, { text: shown, entities }: Formatted, slot: Slot): Payload {
  const rest = without(payload, ['parse_mode', slot.entities]);
  return { ...rest, [slot.name]: shown, ...(entities.length > 0 && { [slot.entities]: entities }) };
}

export const without = (payload: Payload, names: readonly string[]): Payload =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)));

export const only = (payload: Payload, names: readonly string[]): Payload =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => names.includes(name)));

/** Markup that Telegram would refuse is sent as it was written, as plain text. */
function parse(written: string, format: Exclude<Format, 'plain'>): Formatted & { degradation?: 'plain_text' } {
  switch (format) {
    case 'markdown':
    case 'rich': // Where no rich message is known, e.g. in a caption.
      return fromMarkdown(written);
    case 'html':
    case 'markdownv2': {
      const read = format === 'html' ? fromHtml(written) : fromMarkdownV2(written);
      return 'problem' in read ? { text: written, entities: [], degradation: 'plain_text' } : read;
    }
  }
}

/** Form clients send lists as JSON in a text. What they hold has been checked where the method is known. */
function entitiesOf(given: unknown): MessageEntity[] {
  const list: unknown = typeof given === 'string' ? parsed(given) : given;
  return Array.isArray(list) ? list.filter(isEntity) : [];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isEntity = (value: unknown): value is MessageEntity =>
  typeof value === 'object' &&
  value !== null &&
  'offset' in value &&
  'length' in value &&
  Number.isInteger(value.offset) &&
  Number.isInteger(value.length);
