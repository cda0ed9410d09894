import { openAsBlob } from 'node:fs';
import { request, type Answer } from './post';

/** A file of a form, by its content or its path. */
export interface FormFile {
  content?: Buffer | string;
  path?: string;
  name?: string;
  type?: string;
}

/** Posts a form to `/v1/messages`; texts are fields, everything else files. */
export async function postForm<T = Record<string, unknown>>(
  url: string,
  fields: Record<string, string | FormFile>,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(field, value);
    else form.append(field, await blobOf(value), value.name ?? 'file.bin');
  }
  return request<T>(`${url}/v1/messages`, { method: 'POST', body: form, headers });
}

const blobOf = ({ content = '', path, type }: FormFile): Promise<Blob> | Blob =>
  path === undefined ? new Blob([content], { type }) : openAsBlob(path, { type });
