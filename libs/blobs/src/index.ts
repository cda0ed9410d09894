export { BLOBS, BlobsAway, type Blobs, type Stored } from './blobs';
export { openBlobs } from './open-blobs';
