import type { BlobPlace, Blobs } from './blobs';
import { Folder } from './folder';

/** Opens the store of `BLOB_URL`. */
export async function openBlobs(place: BlobPlace): Promise<Blobs> {
  if (place.blobUrl.startsWith('file:')) return new Folder(place.blobUrl.slice('file:'.length));
  const { Bucket } = await import('./bucket'); // It brings the AWS SDK, which takes time to load.
  return new Bucket(place);
}
