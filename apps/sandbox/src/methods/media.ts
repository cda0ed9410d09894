import { createHash } from 'node:crypto';
import { badRequest, type Call, integerOf, type Params, Refusal, textOf, type UploadedFile } from '../call';

/** Kinds of media and the parameter that carries the file; the message has a part of the same name. */
export const MEDIA_KINDS = [
  'photo',
  'video',
  'animation',
  'audio',
  'document',
  'voice',
  'video_note',
  'sticker',
  'live_photo',
] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** Photos up to 10 MB, everything else up to 50 MB (core.telegram.org/bots/api#sending-files). */
const MAX_PHOTO_BYTES = 10 * 1024 * 1024;
const MAX_KNOWN_FILES = 10_000;
/** Contents that can be downloaded again, all of them together. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

type KnownFile = Pick<UploadedFile, 'name' | 'type' | 'size'> & Partial<Pick<UploadedFile, 'sha256'>>;

/** What the sandbox remembers of files, so that sending one again by `file_id` shows the same name and size. */
export class Files {
  private readonly known = new Map<string, KnownFile>();
  private readonly contents = new Map<string, Buffer>();
  private keptBytes = 0;

  remember(fileId: string, file: KnownFile): void {
    if (this.known.size >= MAX_KNOWN_FILES) this.known.delete(this.known.keys().next().value ?? '');
    this.known.set(fileId, file);
  }

  recall(fileId: string): KnownFile | undefined {
    return this.known.get(fileId);
  }

  /** Keeps contents by their fingerprint, the newest. */
  keep(contents: ReadonlyMap<string, Buffer>): void {
    for (const [sha256, content] of contents) {
      if (this.contents.has(sha256)) continue;
      this.contents.set(sha256, content);
      this.keptBytes += content.length;
    }
    for (const [sha256, content] of this.contents) {
      if (this.keptBytes <= MAX_KEPT_BYTES) return;
      this.contents.delete(sha256);
      this.keptBytes -= content.length;
    }
  }

  content(fileId: string): Buffer | undefined {
    return this.contents.get(this.recall(fileId)?.sha256 ?? '');
  }

  clear(): void {
    this.known.clear();
    this.contents.clear();
    this.keptBytes = 0;
  }
}

const idOf = (seed: string) => createHash('sha256').update(seed).digest('base64url');

interface Located extends KnownFile {
  file_id: string;
}

/** Names the file whatever its id; unlike the id it cannot be sent. */
export const uniqueId = (fileId: string) => idOf(fileId).slice(0, 15);

const lastName = (url: string) => (/\/([^/?#]*)(?:[?#]|$)/.exec(url.slice(8))?.[1] ?? '').slice(0, 255);

/** Finds the file that `source` stands for: an upload, `attach://name`, an address, or the id of a file sent before. */
function locate(source: string, field: string, call: Call, files: Files): Located | Refusal {
  const attached = /^attach:\/\/(.+)$/.exec(source)?.[1] ?? (source === '' ? field : undefined);
  const upload = attached === undefined ? undefined : call.files.find((file) => file.field === attached);
  if (upload) {
    const file_id = `Ag${idOf(upload.sha256 + upload.name)}`;
    files.remember(file_id, upload);
    return { ...upload, file_id };
  }
  if (source === '') return badRequest(`there is no ${field.replace('_', ' ')} in the request`);
  if (/^https?:\/\/[^\s/]+/.test(source)) {
    const fetched = { name: lastName(source), type: '', size: 0 };
    const file_id = `Bg${idOf(source)}`;
    files.remember(file_id, fetched);
    return { ...fetched, file_id };
  }
  if (!/^[\w-]+$/.test(source)) return badRequest('wrong file identifier/HTTP URL specified');
  return { ...(files.recall(source) ?? { name: '', type: '', size: 0 }), file_id: source };
}

/**
 * The part of a message that shows a medium.
 * @param source `params[kind]` of a plain call, `media` of an album's item; empty when the file came under `field`.
 */
export function mediaPart(
  kind: MediaKind,
  source: string,
  params: Params,
  call: Call,
  files: Files,
  field: string = kind,
): Params | Refusal {
  const file = locate(source, field, call, files);
  if (file instanceof Refusal) return file;
  if (kind === 'photo' && file.size > MAX_PHOTO_BYTES) return badRequest('file is too big');
  const { file_id, name, type, size } = file;
  const width = integerOf(params.width) ?? 1280;
  const height = integerOf(params.height) ?? 720;
  const duration = integerOf(params.duration) ?? 0;
  const base = { file_id, file_unique_id: uniqueId(file_id), ...(size > 0 ? { file_size: size } : {}) };
  const named = { ...base, ...(name ? { file_name: name } : {}), ...(type ? { mime_type: type } : {}) };
  switch (kind) {
    case 'photo':
      return {
        photo: [
          { ...base, width: 320, height: 180 },
          { ...base, width, height },
        ],
      };
    case 'video':
    case 'live_photo':
      return { [kind]: { ...named, width, height, duration } };
    case 'animation':
      return { animation: { ...named, width, height, duration }, document: named };
    case 'audio': {
      const [performer, title] = [textOf(params.performer), textOf(params.title)];
      return { audio: { ...named, duration, ...(performer ? { performer } : {}), ...(title ? { title } : {}) } };
    }
    case 'voice':
      return { voice: { ...base, duration, mime_type: 'audio/ogg' } };
    case 'video_note':
      return { video_note: { ...base, duration, length: integerOf(params.length) ?? 240 } };
    case 'sticker':
      return {
        sticker: { ...base, type: 'regular', width: 512, height: 512, emoji: textOf(params.emoji) || undefined },
      };
    case 'document':
      return { document: named };
  }
}
