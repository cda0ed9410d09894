import { openAsBlob } from 'node:fs';
import { request, type Answer } from './post';

/** A file of a form, by its content or its path. */
export interface FormFile {
  content?: Buffer | string;
  path?: string;
  name?: string;
  type?: string;
}

type Fields = Record<string, string | FormFile>;

/** Posts a form to `/v1/messages` of the producer; texts are fields, everything else files. */
export const postForm = <T = Record<string, unknown>>(url: string, fields: Fields, headers?: Record<string, string>) =>
  sendForm<T>('POST', `${url}/v1/messages`, fields, headers);

/** Edits the message with that id by a form. */
export const patchForm = <T = Record<string, unknown>>(
  url: string,
  id: string,
  fields: Fields,
  headers?: Record<string, string>,
) => sendForm<T>('PATCH', `${url}/v1/messages/${id}`, fields, headers);

async function sendForm<T>(
  method: string,
  address: string,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const body = new FormData();
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === 'string') body.append(field, value);
    else body.append(field, await blobOf(value), value.name ?? 'file.bin');
  }
  return request<T>(address, { method, body, headers });
}

const blobOf = ({ content = '', path, type }: FormFile): Promise<Blob> | Blob =>
  path === undefined ? new Blob([content], { type }) : openAsBlob(path, { type });
