import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { badRequest, type Params, Refusal, type UploadedFile } from '../call';
import { addForm, addJson, addParam, decodeStructures } from './params';

/** Limits of tdlib's HTTP reader: parameters of a request, files of a request, one uploaded file. */
const MAX_PARAMETER_BYTES = 1024 * 1024;
const MAX_FILES = 50;
const MAX_FILE_BYTES = 50 * 1024 * 1024;
/** Larger files can be sent but not downloaded (core.telegram.org/bots/api#getfile). */
const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;

export const TOO_LARGE = new Refusal(413, 'Request Entity Too Large');

export interface Body {
  params: Params;
  files: UploadedFile[];
  /** What its parameters roughly weigh. */
  bytes: number;
  /** What can be downloaded again, by its fingerprint. */
  contents: Map<string, Buffer>;
  refusal?: Refusal;
}

/**
 * Reads the parameters of a call from its query and body, to the end even where it is refused, so that the client reads
 * the answer instead of a broken pipe. Rejects when the client goes away half way.
 */
export async function readBody(request: IncomingMessage, query: string): Promise<Body> {
  const params: Params = {};
  addForm(params, query);
  const type = request.headers['content-type']?.toLowerCase() ?? '';
  if (type.startsWith('multipart/form-data')) return readMultipart(request, params);
  const { text, bytes } = await readText(request);
  const body: Body = { params, files: [], bytes: bytes + query.length, contents: new Map() };
  if (bytes > MAX_PARAMETER_BYTES) return { ...body, refusal: TOO_LARGE };
  if (type.startsWith('application/json')) {
    if (!addJson(params, text)) body.refusal = badRequest("can't parse JSON object");
  } else if (type.startsWith('application/x-www-form-urlencoded')) {
    addForm(params, text);
  } else if (bytes > 0) {
    body.refusal = badRequest('unsupported content type');
  }
  decodeStructures(params);
  return body;
}

function readText(request: IncomingMessage): Promise<{ text: string; bytes: number }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_PARAMETER_BYTES) chunks.push(chunk);
    });
    request.on('end', () => resolve({ text: Buffer.concat(chunks).toString(), bytes }));
    request.on('error', reject);
  });
}

function readMultipart(request: IncomingMessage, params: Params): Promise<Body> {
  const body: Body = { params, files: [], bytes: 0, contents: new Map() };
  return new Promise((resolve, reject) => {
    let form: BusboyInstance;
    try {
      form = new Busboy({
        headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
        limits: { fieldSize: MAX_PARAMETER_BYTES, fileSize: MAX_FILE_BYTES, files: MAX_FILES },
      });
    } catch {
      request.resume().on('end', () => resolve({ ...body, refusal: badRequest("can't parse multipart boundary") }));
      return;
    }
    form.on('field', (name: string, value: string, _nameCut: boolean, valueCut: boolean) => {
      addParam(params, name, value);
      body.bytes += value.length;
      if (valueCut || body.bytes > MAX_PARAMETER_BYTES) body.refusal = TOO_LARGE;
    });
    form.on('file', (field: string, stream: Readable, name: string, _encoding: string, type: string) => {
      receive(stream, { field, name, type }, body);
    });
    form.on('filesLimit', () => (body.refusal = TOO_LARGE));
    form.on('error', () => {
      request.unpipe(form);
      request.resume();
      resolve({ ...body, refusal: badRequest("can't parse multipart body") });
    });
    form.on('finish', () => {
      decodeStructures(params);
      resolve(body);
    });
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('the client went away')));
    request.pipe(form);
  });
}

/** Takes the fingerprint of a file as it streams by, and a copy where it can be downloaded again. */
function receive(
  stream: Readable,
  { field, name, type }: Pick<UploadedFile, 'field' | 'name' | 'type'>,
  body: Body,
): void {
  const hash = createHash('sha256');
  let size = 0;
  let copy: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    hash.update(chunk);
    if (size <= MAX_DOWNLOAD_BYTES) copy.push(chunk);
    else copy = [];
  });
  stream.on('limit', () => (body.refusal = TOO_LARGE));
  stream.on('end', () => {
    const sha256 = hash.digest('hex');
    body.files.push({ field, name: name ?? '', type, size, sha256 });
    if (size <= MAX_DOWNLOAD_BYTES) body.contents.set(sha256, Buffer.concat(copy));
  });
}
