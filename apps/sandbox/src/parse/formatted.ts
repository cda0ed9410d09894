import { badRequest, isRecord, Refusal } from '../call';

/** A stretch of formatting; offset and length in UTF-16 units. */
export interface MessageEntity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  custom_emoji_id?: string;
  user?: { id: number; is_bot: boolean; first_name: string };
  unix_time?: number;
  date_time_format?: string;
}

export interface FormattedText {
  text: string;
  entities: MessageEntity[];
}

/** Telegram keeps the first so many and silently loses the rest. */
const MAX_ENTITIES = 100;

const PLAIN_TYPES = [
  'bold italic underline strikethrough spoiler code blockquote expandable_blockquote mention hashtag cashtag',
  'bot_command url email phone_number',
]
  .join(' ')
  .split(' ');
const ENTITY_TYPES = new Set([...PLAIN_TYPES, 'pre', 'text_link', 'text_mention', 'custom_emoji', 'date_time']);

export const cantParse = (what: string) => badRequest(`can't parse entities: ${what}`);

/** Offsets in Telegram's parse errors count UTF-8 bytes of the source. */
export const byteOffset = (source: string, index: number) => Buffer.byteLength(source.slice(0, index));

const byPlace = (a: MessageEntity, b: MessageEntity) => a.offset - b.offset || b.length - a.length;

/**
 * What Telegram does to any text before it counts it: control characters become spaces, carriage returns go, white space
 * around it is cut, nothing is formatted inside code, and only the first 100 entities live.
 */
export function cleaned({ text, entities }: FormattedText): FormattedText {
  // A carriage return is dropped before entities are counted by no client, so texts with both are left alone.
  const source = entities.length === 0 ? text.replaceAll('\r', '') : text;

  const body = /[\u0000-\u0009\u000b-\u001f]/.test(source)
    ? source.replace(/[\u0000-\u0009\u000b-\u001f]/g, ' ')
    : source;
  const end = body.trimEnd().length;
  const start = body.length - body.trimStart().length;
  if (entities.length === 0) return { text: body.trim(), entities };
  const inside = entities
    .map((entity) => {
      const from = Math.max(entity.offset, start);
      return { ...entity, offset: from - start, length: Math.min(entity.offset + entity.length, end) - from };
    })
    .filter(({ length }) => length > 0)
    .sort(byPlace);
  const codes = inside.filter(({ type }) => type === 'code' || type === 'pre');
  const inCode = (entity: MessageEntity) =>
    codes.some(
      (code) =>
        code !== entity && entity.offset >= code.offset && entity.offset + entity.length <= code.offset + code.length,
    );
  const kept = codes.length === 0 ? inside : inside.filter((entity) => codes.includes(entity) || !inCode(entity));
  return { text: body.trim(), entities: kept.slice(0, MAX_ENTITIES) };
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/** Checks entities that the client gave itself, instead of markup. */
export function givenEntities(text: string, given: unknown): MessageEntity[] | Refusal {
  if (given === undefined || given === null || given === '') return [];
  if (!Array.isArray(given)) return cantParse('expected an Array of MessageEntity');
  const entities: MessageEntity[] = [];
  for (const item of given as unknown[]) {
    if (!isRecord(item)) return badRequest("can't parse MessageEntity: expected an Object");
    const { type, offset, length } = item;
    if (typeof type !== 'string' || !Number.isInteger(offset) || !Number.isInteger(length)) {
      return badRequest("can't parse MessageEntity: type, offset and length are needed");
    }
    const entity = { ...item, type, offset: Number(offset), length: Number(length) };
    const wrong = outOfBounds(text, entity);
    if (wrong) return wrong;
    if (ENTITY_TYPES.has(type) && entity.length > 0) entities.push(entity);
  }
  return entities;
}

function outOfBounds(text: string, { offset, length }: MessageEntity): Refusal | undefined {
  const end = offset + length;
  if (offset < 0) return badRequest(`entity has negative offset ${offset}`);
  if (length < 0) return badRequest(`entity has negative length ${length}`);
  if (end > text.length) {
    return badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`,
    );
  }
  if (offset < text.length && isLowSurrogate(text.charCodeAt(offset)) && offset > 0) {
    return badRequest(`entity begins in a middle of a UTF-16 symbol at UTF-16 offset ${offset}`);
  }
  if (end < text.length && end > 0 && isLowSurrogate(text.charCodeAt(end))) {
    return badRequest(
      `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at UTF-16 offset ${end}`,
    );
  }
  return undefined;
}

/** The entity of a link, by where it leads; nothing when Telegram would not link there. */
export function linkEntity(url: string): Pick<MessageEntity, 'type' | 'url' | 'user'> | undefined {
  const target = url.trim();
  const user = /^tg:\/\/user\/?\?id=(\d+)$/.exec(target)?.[1];
  if (user) return { type: 'text_mention', user: { id: Number(user), is_bot: false, first_name: `User ${user}` } };
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(target) && !/^[\w.-]+:\d/.test(target) ? target : `http://${target}`;
  if (/^(tg|ton|tonsite):\/\//i.test(withScheme)) return { type: 'text_link', url: withScheme };
  // td's LinkManager takes no host without a dot, localhost neither.
  if (!/^https?:\/\/([^\s/?#@]*@)?[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+(:\d+)?([/?#]\S*)?$/iu.test(withScheme))
    return undefined;
  return { type: 'text_link', url: withScheme };
}

/** The id in `tg://emoji?id=…`. */
export const customEmojiId = (url: string) => /^tg:\/\/emoji\/?\?id=(\d+)$/.exec(url)?.[1];

/** Time and format in `tg://time?unix=…&format=…`. */
export function timeOf(url: string): Pick<MessageEntity, 'unix_time' | 'date_time_format'> | undefined {
  const [, unix, format] = /^tg:\/\/time\/?\?unix=(\d+)(?:&format=([\w]*))?$/.exec(url) ?? [];
  return unix === undefined ? undefined : { unix_time: Number(unix), ...(format ? { date_time_format: format } : {}) };
}
