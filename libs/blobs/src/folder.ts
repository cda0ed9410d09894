import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlobsAway, type Blobs, type Stored } from './blobs';
import { Measure } from './measure';

/** Files in a folder, which every process that needs them must see. */
export class Folder implements Blobs {
  constructor(private readonly path: string) {}

  async put(blob: string, bytes: Readable): Promise<Stored> {
    const measure = new Measure();
    try {
      await mkdir(this.path, { recursive: true });
      await pipeline(measure.of(bytes), createWriteStream(this.fileOf(blob), { flags: 'wx', flush: true }));
      return measure.stored;
    } catch (error) {
      throw measure.failure ? measure.failure.error : new BlobsAway(error);
    }
  }

  async open(blob: string): Promise<Readable | undefined> {
    try {
      const file = await open(this.fileOf(blob));
      return file.createReadStream();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new BlobsAway(error);
    }
  }

  async remove(blob: string): Promise<void> {
    await rm(this.fileOf(blob), { force: true }).catch((error: unknown) => {
      throw new BlobsAway(error);
    });
  }

  private fileOf(blob: string): string {
    return join(this.path, blob);
  }
}

const isMissing = (error: unknown): boolean => (Object(error) as { code?: unknown }).code === 'ENOENT';
