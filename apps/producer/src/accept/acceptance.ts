import { maxBatch, message, type FieldError, type MessageFile, type SendMessage } from '@app/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { PRODUCER_SETTINGS, type ProducerSettings } from '../producer.settings';
import { attachFiles } from './attach';
import { toCommand, type Defaults } from './to-command';

/** The commands that a body asks for, or which of its fields are wrong. */
export type Read = { commands: SendMessage[] } | { errors: FieldError[] };

/** Largest body taken by any door, in bytes; files come on top. */
export const maxBodyBytes = 4 * 1024 * 1024;

/** More errors than anyone reads make the answer itself a burden. */
const maxErrors = 20;

/** Reads what comes in by any door: every door takes the same bodies and finds the same faults. */
@Injectable()
export class Acceptance {
  private readonly defaults: Defaults;

  constructor(@Inject(PRODUCER_SETTINGS) { defaultChatId, bots }: ProducerSettings) {
    this.defaults = { chatId: defaultChatId, bots };
  }

  /** One message, or an array of them that is valid as a whole; `files` are those that they can refer to. */
  read(body: unknown, files: readonly MessageFile[] = []): Read {
    if (!Array.isArray(body)) return this.readOne(body, files);
    if (body.length === 0 || body.length > maxBatch) {
      return { errors: [{ field: '', message: `must hold 1 to ${maxBatch} messages; it has ${body.length}` }] };
    }
    const commands: SendMessage[] = [];
    const errors: FieldError[] = [];
    body.forEach((one, index) => {
      const read = errors.length < maxErrors ? this.readOne(one, files, `${index}`) : { errors: [] };
      if ('errors' in read) errors.push(...read.errors);
      else commands.push(...read.commands);
    });
    return errors.length > 0 ? { errors: errors.slice(0, maxErrors) } : { commands };
  }

  private readOne(body: unknown, files: readonly MessageFile[], at = ''): Read {
    const parsed = message.safeParse(body);
    if (!parsed.success) return { errors: fieldErrors(parsed.error, at) };
    const made = toCommand(parsed.data, this.defaults);
    const command = Array.isArray(made) ? made : attachFiles(made, files);
    if ('version' in command) return { commands: [command] };
    const faults = 'field' in command ? [command] : command;
    return { errors: faults.map(({ field, message: said }) => ({ field: join(at, field), message: said })) };
  }
}

/** Longest name of a field in an answer, in UTF-16 units: callers can name fields by megabytes. */
const maxField = 200;

/** Cut, and free of the half surrogate pair that a cut can leave. */
const join = (...parts: PropertyKey[]): string =>
  parts.map(String).filter(Boolean).join('.').slice(0, maxField).toWellFormed();

export function fieldErrors(
  { issues }: z.ZodError,
  at: string,
  unknown = 'is not a field of the envelope',
): FieldError[] {
  return issues
    .slice(0, maxErrors)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, maxErrors).map((key) => ({ field: join(at, ...issue.path, key), message: unknown }))
        : [{ field: join(at, ...issue.path), message: issue.message }],
    )
    .slice(0, maxErrors);
}
