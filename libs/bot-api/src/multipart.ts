import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type FileSource,
  fileSource,
  fileUrl,
  nameless,
  type OpenFile,
  openFile,
  openStored,
  type StoredFile,
} from './file';

type Payload = Record<string, unknown>;

interface Attachment extends FileSource {
  /** Name of the form field. */
  field: string;
  /** Kind of file, for the name of a nameless one: `photo`, `voice`, … */
  kind: string;
}

/** A payload parted into what JSON can carry and the files beside it. */
export interface Parted {
  fields: Payload;
  files: Attachment[];
}

/** A request body of a known size that can be made once. */
export interface Form {
  contentType: string;
  /** In bytes. */
  size: number;
  body: Readable;
}

/** Telegram takes these by reference alone, also where they stand beside the other parameters. */
const BY_REFERENCE = new Set(['thumbnail', 'thumb', 'cover']);

/**
 * Takes the files out of a payload: a file that is a parameter becomes a form field of that name, one inside a parameter
 * (album items, covers, thumbnails) a field that `attach://…` points to, and `{ url }` its address, which Telegram
 * fetches. Parameters that are null are dropped. A payload without any of these comes back as the same object.
 *
 * @param localFiles Whether `{ source: '/a/path' }` names a file of this machine. False for payloads that came from
 *   outside, which could read any file here; they pass untouched then, and Telegram refuses them.
 */
export function part(payload: Payload, localFiles: boolean): Parted {
  const files: Attachment[] = [];

  const attach = (file: FileSource, kind: string): string => {
    const field = `attached_${files.length}`;
    files.push({ ...file, field, kind });
    return `attach://${field}`;
  };

  const swap = (name: string, value: unknown, kind = name): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const file = fileSource(value, localFiles);
    if (file) return attach(file, kind);
    return fileUrl(name, value) ?? swapInside(name, value as Payload | unknown[]);
  };

  const swapInside = <T extends Payload | unknown[]>(name: string, value: T): T => {
    const from = value as Payload;
    const mediaKind = typeof from.type === 'string' ? from.type : 'media';
    let copy: Payload | undefined;
    for (const key in from) {
      const inner = Array.isArray(value) ? name : key;
      const next = swap(inner, from[key], inner === 'media' ? mediaKind : inner);
      if (next === from[key]) continue;
      copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Payload;
      copy[key] = next;
    }
    return (copy ?? value) as T;
  };

  let fields = payload;
  for (const name in payload) {
    const value = payload[name];
    if (typeof value !== 'object') continue;
    const file = value !== null && !BY_REFERENCE.has(name) ? fileSource(value, localFiles) : undefined;
    if (file) files.push({ ...file, field: name, kind: name });
    const next = file || value === null ? undefined : swap(name, value);
    if (next === value) continue;
    if (fields === payload) fields = { ...payload };
    fields[name] = next;
  }
  return { fields, files };
}

/** Makes a multipart/form-data body; every call reads the files afresh. @throws FileFault */
export async function form({ fields, files }: Parted, stored: readonly StoredFile[], timeoutMs: number): Promise<Form> {
  const boundary = `telegramq-${randomBytes(24).toString('hex')}`;
  const open = await Promise.all(files.map((file) => openFile(file, timeoutMs)));

  const pieces: (Buffer | OpenFile)[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    pieces.push(Buffer.from(`--${boundary}\r\n${disposition(name)}\r\n\r\n${text}\r\n`));
  }
  files.forEach(({ field, kind }, at) => {
    const file = open[at]!;
    pieces.push(...filePart(boundary, field, { ...file, filename: file.filename ?? nameless(kind) }));
  });
  for (const file of stored) pieces.push(...filePart(boundary, file.field, openStored(file), file.type));
  pieces.push(Buffer.from(`--${boundary}--\r\n`));

  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.size), 0),
    body: Readable.from(bytesOf(pieces), { objectMode: false }),
  };
}

function filePart(boundary: string, field: string, file: OpenFile, type?: string): (Buffer | OpenFile)[] {
  const mediaType = type && MEDIA_TYPE.test(type) ? type : 'application/octet-stream';
  const head = `--${boundary}\r\n${disposition(field, file.filename)}\r\nContent-Type: ${mediaType}\r\n\r\n`;
  return [Buffer.from(head), file, Buffer.from('\r\n')];
}

/** Type and subtype alone (RFC 6838): what is more could end the header line. */
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/;

async function* bytesOf(pieces: (Buffer | OpenFile)[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else yield* piece.chunks();
  }
}

function disposition(name: string, filename?: string): string {
  const file = filename === undefined ? '' : `; filename="${quotable(filename)}"`;
  return `Content-Disposition: form-data; name="${quotable(name)}"${file}`;
}

/** Percent-encodes what would end the quoted string or the header line; all else, UTF-8 too, stays as it is. */
const quotable = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f"\\]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
