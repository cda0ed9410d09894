import { z } from 'zod';
import { fileParameters } from './methods';

const file = z.object({
  /** Name of the form field; `attach://<field>` in the parameters refers to it. */
  field: z.string(),
  /** As its sender called it: never a path of ours. */
  filename: z.string().optional(),
  /** Media type, as its sender says. */
  type: z.string().optional(),
  /** In bytes. */
  size: z.int().min(1),
  sha256: z.string(),
});

/** A file whose bytes are in the store of BLOB_URL, under that name, since they do not travel through the broker. */
const blobFile = file.extend({ blob: z.uuid() });

/** A file that a text of the message became. */
const writtenFile = file.extend({ written: z.string() });

/** A file of a message. */
export const messageFile = z.union([blobFile, writtenFile]);

export type MessageFile = z.infer<typeof messageFile>;
export type BlobFile = z.infer<typeof blobFile>;

/** Those of a message that are in the store. */
export const blobFiles = (files: readonly MessageFile[] = []): BlobFile[] =>
  files.filter((one): one is BlobFile => 'blob' in one);

/** Whether parameters of that name take files, wherever they stand; `thumb` is what `thumbnail` was called once. */
export const isFileParameter = (name: unknown): boolean =>
  typeof name === 'string' && (fileParameters.has(name) || name === 'thumb');

/** A place in the parameters of a call where a file is named: by `file_id`, address or `attach://`. */
export interface FileUse {
  path: readonly (string | number)[];
  /** What it is sent as: `photo`, `document`, `thumbnail`, …; for media of albums their type. */
  kind: string;
  value: string;
}

type Values = Record<string, unknown>;

/** Every file that the parameters name, in their order; under parameters nobody knows, those by `attach://` alone. */
export function filesIn(payload: Values): FileUse[] {
  const found: FileUse[] = [];
  const visit = (value: unknown, path: (string | number)[], name: string, kind: string): void => {
    if (typeof value === 'string') {
      if (isFileParameter(name) || value.startsWith(scheme)) found.push({ path, kind, value });
    } else if (Array.isArray(value)) {
      value.forEach((item, at) => visit(item, [...path, at], name, kind));
    } else if (typeof value === 'object' && value !== null) {
      visitAll(value as Values, path);
    }
  };
  const visitAll = (values: Values, path: (string | number)[]): void => {
    const type = typeof values.type === 'string' ? values.type : 'media';
    for (const name in values) visit(values[name], [...path, name], name, name === 'media' ? type : name);
  };
  visitAll(payload, []);
  return found.filter(({ path }) => !isText(path.at(-1)));
}

/** Whatever a text says, it refers to nothing. */
const isText = (name: unknown): boolean => name === 'text' || name === 'caption';

const scheme = 'attach://';

/** The form field that a value refers to, if it does. */
export const attachedField = (value: string): string | undefined =>
  value.startsWith(scheme) && value.length > scheme.length ? value.slice(scheme.length) : undefined;

export const attach = (field: string): string => scheme + field;
