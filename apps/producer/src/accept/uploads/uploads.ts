import { BLOBS, BlobsAway, type Blobs } from '@app/blobs';
import {
  attachedField,
  isFileParameter,
  problems,
  textParameters,
  type BlobFile,
  type SendMessage,
} from '@app/contracts';
import { blobsToRemove, forgetBlobs, Ledger, LedgerAway, noteBlob } from '@app/ledger';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../../producer.settings';
import { maxBodyBytes } from '../acceptance';
import { usesOf } from '../attach';
import type { Refused, Taken } from '../taken';
import { ClientGone, invalid, readForm, tooLarge, type Form, type Part } from './form';

/** Telegram takes photos up to 10 MB, whichever server (core.telegram.org/bots/api#sending-files). */
const maxPhotoBytes = 10 * 1024 * 1024;

/** Takes in forms with files: these go to the store while they arrive, and are known to the ledger before. */
@Injectable()
export class Uploads {
  private readonly fileBytes: number;

  constructor(
    private readonly ledger: Ledger,
    @Inject(BLOBS) private readonly blobs: Blobs,
    @Inject(PRODUCER_SETTINGS) { uploadLimit }: ProducerSettings,
  ) {
    this.fileBytes = uploadLimit;
  }

  /** Reads a form; of one that is refused no file is kept. @throws LedgerAway */
  async read(request: IncomingMessage): Promise<Form | Refused> {
    const begun: string[] = [];
    const limits = { fileBytes: this.fileBytes, fieldBytes: maxBodyBytes };
    try {
      const form = await readForm(request, limits, (part) => this.keep(part, begun));
      if ('problem' in form) await this.remove(begun);
      return form;
    } catch (error) {
      await this.remove(begun);
      if (error instanceof BlobsAway) return { problem: 'files_unavailable' };
      if (error instanceof ClientGone) return { problem: 'bad_request', detail: 'The body ended early' };
      throw error;
    }
  }

  /**
   * Reads a form and has what it asks for taken; files that no message needs after that are removed.
   * @param key Under which the same form may come again. @throws LedgerAway
   */
  async taken(
    request: IncomingMessage,
    key: string | undefined,
    take: (body: unknown, files: readonly BlobFile[]) => Promise<Taken>,
  ): Promise<Taken> {
    const form = await this.read(request);
    if ('problem' in form) return form;
    const made = bodyOf(form);
    const taken = 'problem' in made ? made : await take(made.body, form.files);
    // Under its key it may be taken yet; and where it was taken under one that came before, the first files stand for these.
    const mayBeNeeded =
      'problem' in taken ? key !== undefined && problems[taken.problem].status === 503 : key === undefined;
    if (!mayBeNeeded) await this.discard(form.files);
    return taken;
  }

  /** Removes those of the files that no message needs. */
  discard(files: readonly BlobFile[]): Promise<void> {
    return this.remove(files.map(({ blob }) => blob));
  }

  /** What cannot be removed now goes with the sweep. */
  private async remove(blobs: readonly string[]): Promise<void> {
    if (blobs.length === 0) return;
    try {
      const idle = await blobsToRemove(this.ledger, blobs);
      for (const blob of idle) await this.blobs.remove(blob);
      if (idle.length > 0) await forgetBlobs(this.ledger, idle);
    } catch (error) {
      if (!(error instanceof LedgerAway || error instanceof BlobsAway)) throw error;
    }
  }

  private async keep({ field, bytes, filename, type }: Part, begun: string[]): Promise<BlobFile | Refused> {
    const blob = randomUUID();
    await noteBlob(this.ledger, blob);
    begun.push(blob);
    const { size, sha256 } = await this.blobs.put(blob, bytes);
    if (bytes.truncated) return tooLarge(field, `must be at most ${this.fileBytes} bytes`);
    if (size === 0) return invalid(field, 'must not be empty');
    return { field, blob, ...(filename && { filename }), ...(type && { type }), size, sha256 };
  }
}

/** What is wrong with the files of commands: one that nobody refers to, or a photo that is too large. */
export function faultOf(files: readonly BlobFile[], commands: readonly SendMessage[]): Refused | undefined {
  const uses = commands.flatMap((command) => usesOf(command));
  for (const { field, size } of files) {
    const kinds = uses.filter(({ value }) => attachedField(value) === field).map(({ kind }) => kind);
    if (kinds.length === 0) return invalid(field, 'is a file that no message refers to');
    if (kinds.includes('photo') && size > maxPhotoBytes) return tooLarge(field, `must be at most ${maxPhotoBytes} bytes as a photo`); // prettier-ignore
  }
  return undefined;
}

/** What a form says in the terms of a JSON body: one message, or what its field `messages` holds. */
function bodyOf({ fields, files }: Form): { body: unknown } | Refused {
  const messages = fields.get('messages');
  if (messages === undefined) return { body: messageOf(fields, files) };
  const [other] = [...fields.keys()].filter((name) => name !== 'messages');
  if (other !== undefined) return invalid(other, 'goes into messages, where that is given');
  const body = parsed(messages);
  return body === undefined ? invalid('messages', 'must be JSON: a message, or an array of them') : { body };
}

function messageOf(fields: Form['fields'], files: Form['files']): object {
  const direct = files.map(({ field }) => field).filter((field) => isFileParameter(field) && !fields.has(field));
  const given = [...fields].map(([name, value]) => [
    name,
    textParameters.has(name) ? value : (structureIn(value) ?? value),
  ]);
  return Object.fromEntries([...given, ...direct.map((field) => [field, `attach://${field}`])]) as object;
}

const structureIn = (text: string): unknown => (/^\s*[[{]/.test(text) ? parsed(text) : undefined);

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a body stands for, whichever store its files are in: its Idempotency-Key is for this. */
export const meaningOf = (body: unknown, files: Form['files']): unknown =>
  files.length === 0
    ? body
    : { body, files: files.map(({ field, filename, type, sha256 }) => ({ field, filename, type, sha256 })) };
