import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';
import { BlobsAway, type BlobPlace, type Blobs, type Stored } from './blobs';
import { Measure } from './measure';

/** How long a server may take to be connected to, and then may stay silent, in milliseconds. */
const patience = { connectionTimeout: 3_000, socketTimeout: 30_000 };
/** How many parts of 5 MiB each upload holds in memory at most. */
const partsAtOnce = 2;

/** Files in a bucket of S3, or of a server that speaks like it. */
export class Bucket implements Blobs {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;

  constructor({ blobUrl, blobAccessKey, blobSecretKey }: BlobPlace) {
    const { host, pathname, searchParams } = new URL(blobUrl);
    const endpoint = searchParams.get('endpoint');
    this.bucket = host;
    this.prefix = pathname.replace(/^\/+|\/+$/g, '').replace(/.$/, '$&/');
    this.client = new S3Client({
      // Servers beside Amazon's have no regions as a rule, but a signature names one; nor have buckets host names there.
      region: searchParams.get('region') ?? 'us-east-1',
      ...(endpoint !== null && { endpoint, forcePathStyle: true }),
      ...(blobAccessKey !== undefined &&
        blobSecretKey !== undefined && {
          credentials: { accessKeyId: blobAccessKey, secretAccessKey: blobSecretKey },
        }),
      // Older servers do not know the checksums that Amazon's has by now.
      ...{ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
      requestHandler: patience,
    });
  }

  async put(blob: string, bytes: Readable): Promise<Stored> {
    const measure = new Measure();
    const body = Readable.from(measure.of(bytes));
    const params = { ...this.at(blob), Body: body };
    try {
      await new Upload({ client: this.client, params, queueSize: partsAtOnce }).done();
      return measure.stored;
    } catch (error) {
      throw measure.failure ? measure.failure.error : new BlobsAway(error);
    } finally {
      body.destroy(); // An upload that fails leaves its source as it is: neither read to the end nor closed.
    }
  }

  async open(blob: string): Promise<Readable | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand(this.at(blob)));
      return Body as Readable;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new BlobsAway(error);
    }
  }

  async remove(blob: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(blob))).catch((error: unknown) => {
      if (!isMissing(error)) throw new BlobsAway(error);
    });
  }

  private at(blob: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: `${this.prefix}${blob}` };
  }
}

/** A bucket that is missing is another matter: then nothing can be stored either. */
const isMissing = (error: unknown): boolean => (Object(error) as { name?: unknown }).name === 'NoSuchKey';
