import type { Readable } from 'node:stream';

/** Where the store is, as settings say it. */
export interface BlobPlace {
  /** `file:<folder>`, or `s3://<bucket>/<prefix>?endpoint=<URL>&region=<name>`. */
  blobUrl: string;
  /** Without keys the AWS SDK looks where it always does: its own variables, its files, the role of the machine. */
  blobAccessKey?: string | undefined;
  blobSecretKey?: string | undefined;
}

/** What is known of bytes once they are stored. */
export interface Stored {
  /** In bytes. */
  size: number;
  sha256: string;
}

/**
 * A store of file bytes. Their names are UUIDs of the caller's, and no name is used twice. Nothing is ever held in memory
 * whole.
 */
export interface Blobs {
  /**
   * Stores all of a stream; once it resolves, a crash does not take it away.
   * @throws BlobsAway where the store does not take it; what the stream itself throws, as it is. Nothing useful is left then.
   */
  put(blob: string, bytes: Readable): Promise<Stored>;
  /** The bytes, to be read once; nothing where there are none of that name. @throws BlobsAway */
  open(blob: string): Promise<Readable | undefined>;
  /** Removes the bytes, or what is left of a `put` that failed; none is no error. @throws BlobsAway */
  remove(blob: string): Promise<void>;
}

/** The store cannot be used now: its disk is full, or nobody can reach it. `code` is a short word like `ENOSPC`. */
export class BlobsAway extends Error {
  readonly code: string;

  constructor(cause: unknown) {
    const { code, name } = Object(cause) as { code?: unknown; name?: unknown };
    super('the store of files cannot be used now', { cause });
    this.code = typeof code === 'string' ? code : String(name);
  }
}

/** By this name an app hands its store around. */
export const BLOBS = Symbol('Blobs');
