import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { types } from 'node:util';
import { type Answer, codeOf } from './answer';

/** A file of ours that cannot be read; `code` says why (`ENOENT`, `STREAM_CONSUMED`, …), never where. */
export class FileFault extends Error {
  constructor(
    readonly code: string,
    /** Its store cannot be reached; the file itself may be whole. */
    readonly isPassing = false,
  ) {
    super(`the file to upload cannot be read: ${code}`);
  }

  get answer(): Answer {
    return { kind: 'unreadable', code: this.code, ...(this.isPassing && { isPassing: true }) };
  }
}

type Source = Uint8Array | Readable | string;

/** A file in a store, sent under the name of its field, from its first byte whenever it is opened. */
export interface StoredFile {
  field: string;
  filename?: string;
  /** Media type; `application/octet-stream` where not given. */
  type?: string;
  /** What it is sent as, for the name of a nameless one: `photo`, `voice`, … */
  kind: string;
  /** In bytes. */
  size: number;
  /** Nothing where it is gone. @throws where the store is away; then nothing was sent, and it may be tried again */
  open(): Promise<Readable | undefined>;
}

/** Bytes to upload. */
export interface FileSource {
  source: Source;
  filename?: string;
}

/** A file that is ready to be sent, as often as needed. */
export interface OpenFile {
  filename?: string;
  /** In bytes. */
  size: number;
  chunks(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Telegram takes uploads of up to 50 MB; a larger one, for a local Bot API server, is to be given by its path. */
const STREAM_BYTES = 50_000_000;

/** Content of streams already read, so that a retry of the same payload sends the whole file again. */
const contents = new WeakMap<Readable, Promise<Buffer>>();

/**
 * The parameters that take files. Only under these names is `{ url }` a file for Telegram to fetch; anywhere else it is
 * what it looks like (`link_preview_options`, `web_app`, a button).
 */
const EXTENSIONS = new Map([
  ['animation', 'mp4'],
  ['audio', 'mp3'],
  ['certificate', 'pem'],
  ['cover', 'jpg'],
  ['document', 'dat'],
  ['live_photo', 'mp4'],
  ['media', 'dat'],
  ['photo', 'jpg'],
  ['sticker', 'webp'],
  ['thumb', 'jpg'],
  ['thumbnail', 'jpg'],
  ['video', 'mp4'],
  ['video_note', 'mp4'],
  ['voice', 'ogg'],
]);

/** Telegram judges some files by their extension, so a nameless one gets that of its kind. */
export const nameless = (kind: string): string => `${kind}.${EXTENSIONS.get(kind) ?? 'dat'}`;

const isBytes = (value: unknown): value is Uint8Array | Readable =>
  types.isUint8Array(value) || value instanceof Readable;

/** The address for Telegram to fetch the file from, where `value` is telegraf's `{ url, filename? }`. */
export function fileUrl(name: string, value: object): string | undefined {
  if (!EXTENSIONS.has(name) || !('url' in value) || !hasOnly(value, 'url')) return undefined;
  return typeof value.url === 'string' || value.url instanceof URL ? String(value.url) : undefined;
}

/** The bytes to upload, where `value` is bytes, a stream, or telegraf's `{ source, filename? }`. */
export function fileSource(value: object, localFiles: boolean): FileSource | undefined {
  if (isBytes(value)) return { source: value };
  if (!('source' in value) || !hasOnly(value, 'source')) return undefined;
  const { source } = value;
  if (!isBytes(source) && !(localFiles && typeof source === 'string')) return undefined;
  const filename = 'filename' in value && typeof value.filename === 'string' ? value.filename : undefined;
  return { source: source, filename };
}

const hasOnly = (value: object, key: string): boolean =>
  Object.keys(value).every((own) => own === key || own === 'filename');

/** Makes a file ready. @throws FileFault */
export async function openFile({ source, filename }: FileSource, timeoutMs: number): Promise<OpenFile> {
  try {
    if (typeof source === 'string') return await openPath(source, filename ?? basename(source));
    if (!(source instanceof Readable)) return { filename, size: source.byteLength, chunks: () => [source] };
    const path = 'path' in source && typeof source.path === 'string' ? basename(source.path) : undefined;
    const content = await contentOf(source, timeoutMs);
    return { filename: filename ?? path, size: content.length, chunks: () => [content] };
  } catch (error) {
    throw error instanceof FileFault ? error : new FileFault(codeOf(error));
  }
}

async function openPath(path: string, filename: string): Promise<OpenFile> {
  const found = await stat(path);
  if (!found.isFile()) throw new FileFault('NOT_A_FILE');
  return { filename, size: found.size, chunks: () => readExactly(path, found.size) };
}

/** Makes a stored file ready; it is opened when its turn comes. */
export const openStored = (file: StoredFile): OpenFile => ({
  filename: file.filename ?? nameless(file.kind),
  size: file.size,
  chunks: () => readStored(file),
});

async function* readStored(file: StoredFile): AsyncIterable<Uint8Array> {
  let left = file.size;
  try {
    const stream = await file.open();
    if (!stream) throw new FileFault('ENOENT');
    for await (const chunk of stream) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw error instanceof FileFault ? error : new FileFault(codeOf(error), true);
  }
  if (left !== 0) throw new FileFault('FILE_CHANGED');
}

/** Reads as many bytes as were announced, also where the file grows meanwhile; one that shrank is a fault. */
async function* readExactly(path: string, size: number): AsyncIterable<Uint8Array> {
  if (size === 0) return;
  let left = size;
  try {
    for await (const chunk of createReadStream(path, { end: size - 1 })) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new FileFault(codeOf(error));
  }
  if (left > 0) throw new FileFault('FILE_SHRANK');
}

function contentOf(stream: Readable, timeoutMs: number): Promise<Buffer> {
  const known = contents.get(stream);
  if (known) return known;
  const content = readStream(stream, timeoutMs);
  contents.set(stream, content);
  return content;
}

async function readStream(stream: Readable, timeoutMs: number): Promise<Buffer> {
  if (stream.errored) throw stream.errored;
  if (stream.readableDidRead || stream.destroyed) throw new FileFault('STREAM_CONSUMED');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of addAbortSignal(AbortSignal.timeout(timeoutMs), stream)) {
    chunks.push(Buffer.from(chunk as Uint8Array | string));
    size += chunks.at(-1)!.length;
    if (size > STREAM_BYTES) throw new FileFault('STREAM_TOO_LARGE');
  }
  return Buffer.concat(chunks, size);
}
