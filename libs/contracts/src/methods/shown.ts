import { z } from 'zod';
import { methodNames, parametersOf, typeOf, type Field, type Type } from './types';

/** Parameters that callers use most; the documents of our endpoints show them, and all others are taken like them. */
const names = [
  ...(['text', 'caption', 'parse_mode', 'entities', 'caption_entities', 'link_preview_options'] as const),
  ...(['disable_notification', 'protect_content', 'allow_paid_broadcast', 'message_effect_id'] as const),
  ...(['message_thread_id', 'direct_messages_topic_id', 'business_connection_id'] as const),
  ...(['reply_parameters', 'reply_markup', 'suggested_post_parameters'] as const),
  ...(['show_caption_above_media', 'has_spoiler', 'photo', 'live_photo', 'video', 'animation', 'audio'] as const),
  ...(['document', 'sticker', 'voice', 'video_note', 'thumbnail', 'cover', 'media', 'rich_message'] as const),
  ...(['checklist', 'question', 'options', 'emoji', 'action', 'phone_number', 'first_name'] as const),
  ...(['latitude', 'longitude', 'title', 'address', 'duration', 'width', 'height'] as const),
  ...(['message_id', 'message_ids', 'from_chat_id'] as const),
];

type Schema = Record<string, unknown>;

function schemaOf(name: string): Schema {
  const fields = methodNames
    .filter((method) => /^(send|copy|forward|edit)/.test(method))
    .flatMap((method) => parametersOf(method)?.get(name) ?? []);
  const schemas = new Map(fields.flatMap(schemasOf).map((schema) => [JSON.stringify(schema), schema]));
  const [first, ...others] = schemas.values();
  const isFile = fields.some(({ type }) => type === 'File');
  const help = isFile ? 'A `file_id`, a URL, or `attach://` and the name of a file of the form.' : helps[name];
  return {
    ...(others.length > 0 ? { anyOf: [first, ...others] } : first),
    ...(first?.type === 'string' && fields.every(({ required }) => required) && { minLength: 1 }),
    ...(help !== undefined && { description: help }),
  };
}

const helps: Record<string, string> = { text: 'Text of the message.' };

/** Form clients send everything as texts. */
function schemasOf({ type: written }: Field): Schema[] {
  const type = typeOf(written);
  if (type.is === 'union') return type.of.flatMap((one) => schemasOf({ name: '', type: one, required: true }));
  const schema = schemas[type.is];
  return type.is === 'String' || type.is === 'literal' || type.is === 'File'
    ? [schema]
    : [schema, textOf[type.is] ?? text];
}

const text = { type: 'string' };
const schemas: Record<Exclude<Type['is'], 'union'>, Schema> = {
  String: text,
  literal: text,
  File: text,
  Integer: { type: 'integer' },
  ChatId: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  array: { type: 'array', items: {} },
  object: { type: 'object', additionalProperties: {} },
};
const textOf: Partial<Record<Type['is'], Schema>> = {
  Integer: { type: 'string', pattern: '^-?\\d{1,19}$' },
  Float: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' },
  Boolean: { type: 'string', enum: ['true', 'false'] },
};

/** What each of them looks like in the methods that have it; whether a value is right is for `checkCall` to say. */
export const shownParameters = Object.fromEntries(
  names.map((name) => [name, z.unknown().optional().meta(schemaOf(name))]),
) as Record<(typeof names)[number], z.ZodOptional<z.ZodUnknown>>;
