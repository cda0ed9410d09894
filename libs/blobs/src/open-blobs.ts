import type { Blobs } from './blobs';
import { Folder } from './folder';

/** Opens the store of `BLOB_URL`. */
export function openBlobs(url: string): Blobs {
  return new Folder(url.slice('file:'.length));
}
