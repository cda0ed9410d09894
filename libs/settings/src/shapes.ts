import { isIP } from 'node:net';
import { z } from 'zod';

/** A text of at least one character without white space or control characters around or in it. */
export const word = z.string().regex(/^[^\s\p{Cc}]+$/u, 'must be one word without spaces');

export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port from 0 to 65535');

/** `a,b , c` → `['a', 'b', 'c']`; not set → `[]`. */
export const commaList = <T>(item: z.ZodType<T, string>) =>
  z
    .string()
    .optional()
    .transform((text) =>
      (text ?? '')
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    ) // prettier-ignore
    .pipe(z.array(item));

/** `receiver.internal`, `10.1.2.3`, `fd00::1`, `10.1.0.0/16`. */
export const hostOrNetwork = z.string().refine((text) => {
  const [address = '', bits, ...more] = text.split('/');
  if (bits === undefined) return isIP(address) > 0 || /^[A-Za-z0-9._-]{1,253}$/.test(address);
  return (
    isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128) && !more.length
  );
}, 'must be a host name, an IP address, or a network like 10.1.0.0/16');

/** Who may call the API. */
export interface ApiToken {
  /** Name of the caller; stands in logs. */
  name: string;
  secret: string;
}

/** Shortest secret taken: 16 characters, so that a random one cannot be guessed over the network. */
const shortestSecret = 16;

const apiToken = z.string().transform((text, context): ApiToken => {
  const colon = text.indexOf(':');
  const token = { name: text.slice(0, colon), secret: text.slice(colon + 1) };
  if (!/^[\w.-]{1,64}$/.test(token.name) || token.secret.length < shortestSecret || colon < 0) {
    context.addIssue(`must be name:secret, with a secret of at least ${shortestSecret} characters`);
  }
  if (!/^[\x21-\x7e]*$/.test(token.secret)) {
    context.addIssue('must give secrets of printable ASCII without spaces, since no other can be sent as a bearer');
  }
  return token;
});

export const apiTokens = commaList(apiToken).refine(
  (tokens) => new Set(tokens.map((token) => token.secret)).size === tokens.length,
  'must give each name a secret of its own',
);
