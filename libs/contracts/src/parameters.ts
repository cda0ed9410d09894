import { z } from 'zod';

/**
 * Parameters of the sending methods that callers use most, so that a wrong type is refused at the door and not by
 * Telegram an hour later. Form clients send numbers, booleans and objects as texts, and the Bot API takes them, so
 * they pass here too. Source: Bot API 10.3 as in @grammyjs/types.
 */
const text = z.string().min(1, 'must not be empty');
const flag = z.union([z.boolean(), z.enum(['true', 'false'])], 'must be true or false');
const whole = either('must be a whole number', (say) => [z.int(say), z.string().regex(/^-?\d{1,19}$/, say)]);
const decimal = either('must be a number', (say) => [z.number(), z.string().regex(/^-?\d+(\.\d+)?$/, say)]);
const object = either('must be an object', (say) => [z.record(z.string(), z.unknown()), jsonText('{', say)]);
const list = either('must be an array', (say) => [z.array(z.unknown()), jsonText('[', say)]);
const ids = either('must be an array of 1 to 100 message ids', (say) => [
  z.array(z.int(say)).min(1, say).max(100, say),
  jsonText('[', say),
]);
const file = text.describe('A `file_id` or a URL');

/** Most UTF-16 units of a text or caption after Telegram has parsed its entities. */
export const limits = { text: 4096, caption: 1024, rich: 32_768 } as const;

/** A chat: its number, or `@name` of a public channel or group. */
export const chatId = either('must be a number other than 0, or @name', (say) => [
  z.int(say).refine((id) => id !== 0, say),
  z.string().regex(/^(-?[1-9]\d{0,18}|@[A-Za-z]\w{2,63})$/, say),
]);

const fields = {
  text: text.describe('Text of the message.'),
  caption: z.string(),
  parse_mode: z.string(),
  entities: list,
  caption_entities: list,
  link_preview_options: object,
  disable_notification: flag,
  protect_content: flag,
  allow_paid_broadcast: flag,
  message_effect_id: text,
  message_thread_id: whole,
  direct_messages_topic_id: whole,
  business_connection_id: text,
  reply_parameters: object,
  reply_markup: object,
  suggested_post_parameters: object,
  show_caption_above_media: flag,
  has_spoiler: flag,
  photo: file,
  live_photo: file,
  video: file,
  animation: file,
  audio: file,
  document: file,
  sticker: file,
  voice: file,
  video_note: file,
  thumbnail: file,
  cover: file,
  media: z.union([list, object], 'must be an array or an object'),
  rich_message: object,
  checklist: object,
  question: text,
  options: list,
  emoji: text,
  phone_number: text,
  first_name: text,
  latitude: decimal,
  longitude: decimal,
  title: text,
  address: text,
  duration: whole,
  width: whole,
  height: whole,
  message_id: whole,
  message_ids: ids,
  from_chat_id: chatId,
};

type Fields = typeof fields;

/** All optional: which of them a method needs is Telegram's to say. */
export const parameters = {
  chat_id: chatId.optional().describe('Where it goes; the default chat where not given.'),
  ...(Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, schema.optional()])) as {
    [K in keyof Fields]: z.ZodOptional<Fields[K]>;
  }),
};

/** Deepest nesting of objects and arrays taken: twice what any Bot API type needs (rich messages nest 16 levels). */
const maxDepth = 32;

/** Most issues of one message: nobody reads more, and a large body could make hundreds of thousands. */
const maxIssues = 20;

/** Most bytes of a call as JSON: the Bot API server answers 413 to larger parameters (td, HttpReader.h). */
export const maxCallBytes = 1024 * 1024;

/**
 * Refuses what JSON can hold but nobody can deliver: half surrogate pairs, numbers beyond a double, bottomless nesting,
 * more than Telegram takes, but for the fields `besides`, which are parted before.
 */
export function soundTree(root: object, context: z.RefinementCtx, besides: readonly string[] = []): void {
  const path: string[] = [];
  let issues = 0;
  let bytes = 0;
  const refuse = (problem: string) => {
    issues += 1;
    context.addIssue({ code: 'custom', path: [...path], message: problem });
  };
  const visit = (value: unknown, depth: number): void => {
    if (depth !== 1 || !besides.includes(path[0]!)) bytes += mostBytes(value);
    if (typeof value === 'string') {
      if (!value.isWellFormed()) refuse('must be well-formed Unicode: it holds half a surrogate pair');
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) refuse('must be a number that a double can hold');
    } else if (typeof value === 'object' && value !== null) {
      if (depth > maxDepth) return refuse(`must not be nested deeper than ${maxDepth} levels`);
      for (const [key, child] of Object.entries(value)) {
        if (issues >= maxIssues) return;
        bytes += mostBytes(key);
        path.push(key);
        if (!key.isWellFormed()) refuse('must be named in well-formed Unicode');
        else visit(child, depth + 1);
        path.pop();
      }
    }
  };
  visit(root, 0);
  // Only what may be too large is written out to be measured, and nothing that is nested too deep to be written.
  if (issues === 0 && bytes > maxCallBytes && measured(root, besides) > maxCallBytes) {
    refuse('must be at most 1 MiB as JSON: Telegram takes no more');
  }
}

function measured(root: object, besides: readonly string[]): number {
  const entries = Object.entries(root).filter(([name]) => !besides.includes(name));
  return Buffer.byteLength(JSON.stringify(besides.length > 0 ? Object.fromEntries(entries) : root));
}

/** No value takes more in JSON: 6 bytes a UTF-16 unit (`\u0000`), 25 a number, and its brackets, comma and colon. */
const mostBytes = (value: unknown): number => (typeof value === 'string' ? 6 * value.length + 4 : 32);

/** A union that says the same whichever way its value is wrong: zod tells of the one option whose type fits, if any. */
function either<A extends z.ZodType, B extends z.ZodType>(say: string, options: (say: string) => [A, B]) {
  return z.union(options(say), say);
}

function jsonText(opening: '{' | '[', say: string) {
  return z.string().refine((json) => {
    try {
      return json.trimStart().startsWith(opening) && typeof JSON.parse(json) === 'object';
    } catch {
      return false;
    }
  }, say);
}
