import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { BlobFile, ProblemCode } from '@app/contracts';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Refused } from '../taken';

/** A form that has been read: its fields as texts, and its files, which are in the store. */
export interface Form {
  fields: ReadonlyMap<string, string>;
  files: readonly BlobFile[];
}

/** A file of the form, as it comes in. */
export interface Part extends Pick<BlobFile, 'field' | 'filename' | 'type'> {
  bytes: Readable & { truncated?: boolean };
}

/** Stores a file; what it throws ends the reading. */
export type Keep = (part: Part) => Promise<BlobFile | Refused>;

export interface FormLimits {
  /** Most bytes of one file. */
  fileBytes: number;
  /** Most bytes of all fields that are no files. */
  fieldBytes: number;
}

/** The client went away before its form was whole. */
export class ClientGone extends Error {}

/** Most files that the Bot API takes with one call (telegram-bot-api, HttpServer.h). */
const mostFiles = 50;
const mostFields = 500;
/** Longest name of a file that is kept, in UTF-16 units, from its end, where the extension is; Telegram keeps 64 characters. */
const longestName = 255;

/**
 * Reads a form of `multipart/form-data` as it comes in; its files are not held in memory. Also what is refused is read to
 * the end, so that the client gets to the answer. @throws What `keep` throws, and ClientGone.
 */
export async function readForm(request: IncomingMessage, limits: FormLimits, keep: Keep): Promise<Form | Refused> {
  const parser = parserOf(request, limits);
  if (!parser) {
    request.resume();
    return { problem: 'invalid_body', detail: 'The form has no boundary' };
  }
  const reading = new Reading(limits, keep);
  try {
    await reading.all(request, parser);
    return await reading.result();
  } finally {
    request.unpipe(parser);
    request.resume();
    reading.stop();
    await Promise.allSettled(reading.kept);
  }
}

class Reading {
  readonly kept: Promise<BlobFile | Refused>[] = [];
  private readonly fields = new Map<string, string>();
  private readonly names = new Set<string>();
  private readonly streams = new Set<Readable>();
  private refused: Refused | undefined;
  private bytes = 0;

  constructor(
    private readonly limits: FormLimits,
    private readonly keep: Keep,
  ) {}

  all(request: IncomingMessage, parser: BusboyInstance): Promise<void> {
    return new Promise((resolve, reject) => {
      parser.on('field', (field: string, value: string, _: boolean, isCut: boolean) => this.field(field, value, isCut));
      parser.on('file', (field: string, bytes: Readable, name: string | undefined, _: string, type: string) => {
        // A part that ends early fails before its reader has begun, or has none; without a listener the process would end.
        bytes.on('error', () => undefined);
        this.file({ field, bytes, filename: name ? nameOf(name) : undefined, type }).catch(reject);
      });
      parser.on('filesLimit', () => this.refuse({ problem: 'payload_too_large', detail: `At most ${mostFiles} files a request` })); // prettier-ignore
      parser.on('fieldsLimit', () => this.refuse({ problem: 'payload_too_large', detail: `At most ${mostFields} fields a request` })); // prettier-ignore
      parser.on('error', (error: Error) => {
        this.refuse({ problem: 'invalid_body', detail: error.message });
        this.stop();
        resolve();
      });
      parser.on('finish', resolve);
      request.once('aborted', () => reject(new ClientGone('the client went away')));
      request.pipe(parser);
    });
  }

  async result(): Promise<Form | Refused> {
    if (this.refused) return this.refused;
    const files: BlobFile[] = [];
    for (const one of await Promise.all(this.kept)) {
      if ('problem' in one) return one;
      files.push(one);
    }
    return { fields: this.fields, files };
  }

  /** Files that are still on their way come to their end. */
  stop(): void {
    for (const stream of this.streams)
      if (!stream.readableEnded) stream.destroy(new ClientGone('the form ended early'));
  }

  private field(field: string, value: string, isCut: boolean): void {
    this.bytes += Buffer.byteLength(value);
    const { fieldBytes } = this.limits;
    if (isCut || this.bytes > fieldBytes)
      this.refuse(tooLarge(field, `must be at most ${fieldBytes} bytes, together with all other fields`)); // prettier-ignore
    else if (this.claim(field)) this.fields.set(field, value);
  }

  private async file(part: Part): Promise<void> {
    if (!this.claim(part.field) || this.refused) return void part.bytes.resume();
    this.streams.add(part.bytes);
    const file = this.keep(part);
    this.kept.push(file);
    await file;
  }

  private claim(field: string | undefined): field is string {
    if (!field) this.refuse(invalid('', 'each part of the form must have a name'));
    else if (this.names.has(field)) this.refuse(invalid(field, 'must be given once'));
    else return !!this.names.add(field);
    return false;
  }

  private refuse(why: Refused): void {
    this.refused ??= why;
  }
}

function parserOf(request: IncomingMessage, { fileBytes, fieldBytes }: FormLimits): BusboyInstance | undefined {
  const headers = { ...request.headers, 'content-type': request.headers['content-type'] ?? '' };
  const limits = { fileSize: fileBytes, files: mostFiles, fields: mostFields, fieldSize: fieldBytes };
  try {
    return new Busboy({ headers, limits });
  } catch {
    return undefined;
  }
}

const nameOf = (name: string): string => name.slice(-longestName).toWellFormed();

const refusedField =
  (problem: ProblemCode) =>
  (field: string, message: string): Refused => ({
    ...{ problem, errors: [{ field, message }] },
    ...(problem === 'payload_too_large' && { detail: `${field} ${message}` }),
  });

export const invalid = refusedField('invalid_message');
export const tooLarge = refusedField('payload_too_large');
