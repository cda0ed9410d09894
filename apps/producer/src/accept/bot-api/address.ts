/** What a request to the door asks for; `query` is as it came, without its question mark. */
export type Address =
  | { kind: 'call'; token: string; method: string; query: string }
  | { kind: 'file'; token: string; path: string }
  | { kind: 'nothing' };

const nothing: Address = { kind: 'nothing' };

/**
 * Takes `/bot<token>/<method>` and `/file/bot<token>/<path>` apart, from the address as it stands in the request: the
 * router has decoded its own copy. The token goes no further than whoever asks whose it is.
 */
export function readAddress(target: string): Address {
  const mark = target.indexOf('?');
  const [address, query] = mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
  const [, file, rawToken = '', rest = ''] = /^(\/file)?\/bot([^/]*)\/(.+)$/.exec(address) ?? [];
  const token = decode(rawToken);
  if (!/^\d+:./.test(token)) return nothing;
  if (file) return isSafe(rest) ? { kind: 'file', token, path: rest } : nothing;
  const method = rest.replace(/\/$/, '');
  return { kind: 'call', token, method: /^[A-Za-z]{1,64}$/.test(method) ? method : '', query };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** A path that stays below the token’s own, whichever server reads it. */
const isSafe = (path: string): boolean => !/(^|\/)(\.|%2e){1,2}(\/|$)|%2f|\\|%5c/i.test(path);
