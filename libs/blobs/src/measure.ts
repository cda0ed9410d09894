import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Stored } from './blobs';

/** Takes the measure of bytes as they stream by. */
export class Measure {
  /** What the source threw, if anything: not the store's fault. */
  failure: { error: unknown } | undefined;
  private readonly hash = createHash('sha256');
  private size = 0;

  async *of(bytes: Readable): AsyncIterable<Uint8Array> {
    let isAtStore = false; // What is thrown meanwhile comes from there.
    try {
      for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
        this.hash.update(chunk);
        this.size += chunk.length;
        isAtStore = true;
        yield chunk;
        isAtStore = false;
      }
    } catch (error) {
      if (!isAtStore) this.failure = { error };
      throw error;
    }
  }

  get stored(): Stored {
    return { size: this.size, sha256: this.hash.digest('hex') };
  }
}
