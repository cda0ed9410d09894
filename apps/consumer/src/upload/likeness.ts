import type { FileUse, MessageFile } from '@app/contracts';
import { createHash } from 'node:crypto';

type Values = Record<string, unknown>;

/** Kinds of media that Telegram gives a `file_id` to be sent again by; thumbnails and covers are always uploaded. */
const reusable: ReadonlySet<string> = new Set([
  ...['animation', 'audio', 'document', 'photo', 'sticker', 'video', 'video_note', 'voice'],
]);

/** What of the parameters becomes a part of the file at Telegram, and could not be told of it again. */
const traits = ['duration', 'width', 'height', 'performer', 'title', 'disable_content_type_detection', 'supports_streaming']; // prettier-ignore
/** Files that become a part of another. */
const attachments = ['thumbnail', 'thumb', 'cover'];

/** Whose `file_id` can be sent instead of an upload: the same bytes, sent as the same kind, by the same name, as the same thing. */
export function likenessOf(file: MessageFile, use: FileUse, payload: Values): string | undefined {
  if (!reusable.has(use.kind)) return undefined;
  const beside = objectAt(payload, use.path.slice(0, -1));
  if (attachments.some((name) => beside[name] !== undefined)) return undefined;
  const parts = [file.sha256, use.kind, file.filename, file.type, ...traits.map((name) => beside[name])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** What Telegram calls the file of that use, by its answer to the call; nothing where it made something else of it. */
export function fileIdIn(result: unknown, { kind, path }: FileUse): string | undefined {
  const [, at] = path;
  const message = Array.isArray(result) ? (typeof at === 'number' ? (result[at] as unknown) : undefined) : result;
  const media = (Object(message) as Values)[kind];
  // Of a photo, all sizes are told, and the largest is the photo.
  const file: unknown = Array.isArray(media) ? largest(media) : media;
  const { file_id } = Object(file) as { file_id?: unknown };
  return typeof file_id === 'string' ? file_id : undefined;
}

function largest(sizes: readonly unknown[]): unknown {
  const area = (one: unknown) => {
    const { width, height } = Object(one) as { width?: number; height?: number };
    return (width ?? 0) * (height ?? 0);
  };
  return [...sizes].sort((a, b) => area(b) - area(a))[0];
}

/** The payload with other values at some places. */
export function withValues(payload: Values, values: readonly (readonly [FileUse, string])[]): Values {
  const copy = values.length > 0 ? structuredClone(payload) : payload;
  for (const [{ path }, value] of values) objectAt(copy, path.slice(0, -1))[path.at(-1)!] = value;
  return copy;
}

const objectAt = (payload: Values, path: FileUse['path']): Values =>
  path.reduce<Values>((value, key) => value[key] as Values, payload);
