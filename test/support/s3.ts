import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { cleanUp } from './clean-up';

/** A private server that speaks like S3, with one bucket. */
export interface S3 {
  /** Settings that lead an app to the bucket. */
  environment: { BLOB_URL: string; BLOB_ACCESS_KEY: string; BLOB_SECRET_KEY: string };
  stop: () => Promise<void>;
}

/** Starts a server of the test's own, which goes with it. */
export async function startS3(): Promise<S3> {
  const directory = mkdtempSync(join(tmpdir(), 'telegramq-s3-'));
  cleanUp(() => rmSync(directory, { recursive: true, force: true }));
  const options = {
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'files', configs: [] }],
  };
  const server = new S3rver(options);
  const { port } = await server.run();
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await server.close();
    isStopped = true;
  };
  cleanUp(stop);
  return {
    environment: {
      BLOB_URL: `s3://files/of/telegramq?endpoint=http://127.0.0.1:${port}`,
      ...{ BLOB_ACCESS_KEY: 'S3RVER', BLOB_SECRET_KEY: 'S3RVER' }, // The only keys that it knows.
    },
    stop,
  };
}
