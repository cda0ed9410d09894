import { isHttpUrl } from '@app/contracts';
import { z } from 'zod';
import { word } from './shapes';
import { both, variable } from './variable';

/** `file:./data/blobs`, `s3://bucket/prefix?endpoint=http://127.0.0.1:9000`. */
const blobUrl = z
  .string()
  .regex(
    /^(file:[^\s?#]+|s3:\/\/[a-z\d][a-z\d.-]{1,61}[a-z\d](\/[\w./-]*)?(\?[^\s#]*)?)$/,
    'must start with file: and a path, or with s3:// and the name of a bucket, without keys',
  )
  .superRefine((text, context) => {
    if (!text.startsWith('s3:')) return;
    const given = new URLSearchParams(text.split('?')[1]);
    const [endpoint, region] = [given.get('endpoint'), given.get('region')];
    if ([...given.keys()].sort().join() !== [...new Set(given.keys())].filter(isOfBucket).sort().join()) {
      context.addIssue('must have nothing but endpoint and region after its question mark, each once');
    }
    if (endpoint !== null && !isHttpUrl(endpoint))
      context.addIssue('must give its endpoint as an http:// or https:// URL');
    if (region !== null && !/^[a-z\d-]+$/.test(region)) context.addIssue('must give its region like eu-central-1');
    if (endpoint === null && region === null) context.addIssue('must give the region, or the endpoint, of its bucket');
  });

const isOfBucket = (name: string): boolean => name === 'endpoint' || name === 'region';

/** Where files are kept, and how large they may be. */
export const blobVariables = {
  blobUrl: variable({
    name: 'BLOB_URL',
    about:
      'Where uploaded files are kept until their messages are over: `file:<folder>`, when both apps see it; `s3://<bucket>/<prefix>?region=<region>` for S3, with `endpoint=<URL>` for a server that speaks like it.',
    schema: blobUrl,
    fallback: 'file:./data/blobs',
    usedBy: both,
  }),
  blobAccessKey: variable({
    name: 'BLOB_ACCESS_KEY',
    about:
      'Access key of the bucket of BLOB_URL. Where it is not set, the AWS SDK looks where it always does: AWS_ACCESS_KEY_ID, its files, the role of the machine.',
    schema: word.optional(),
    example: 'AKIDEXAMPLE',
    secret: true,
    usedBy: both,
  }),
  blobSecretKey: variable({
    name: 'BLOB_SECRET_KEY',
    about: 'Secret key that belongs to BLOB_ACCESS_KEY.',
    schema: word.optional(),
    example: 'the-secret-of-that-key',
    secret: true,
    usedBy: both,
  }),
  uploadLimit: variable({
    name: 'UPLOAD_LIMIT',
    about:
      'Largest file that is taken, in MB of 1,048,576 bytes. Telegram takes 50; a local Bot API server takes 2000. Photos are at most 10 everywhere.',
    schema: z
      .string()
      .regex(/^[1-9]\d{0,3}$/, 'must be a whole number of MB from 1 to 9999')
      .transform((text) => Number(text) * 1024 * 1024),
    fallback: '50',
    usedBy: both,
  }),
};

/** One key without the other opens nothing. */
export const blobKeyProblems = (values: { blobAccessKey?: string | undefined; blobSecretKey?: string | undefined }) =>
  'blobAccessKey' in values && 'blobSecretKey' in values && !values.blobAccessKey !== !values.blobSecretKey
    ? ['BLOB_ACCESS_KEY and BLOB_SECRET_KEY must be set together']
    : [];
