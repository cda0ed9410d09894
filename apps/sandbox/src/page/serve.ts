import type { ServerResponse } from 'node:http';
import { PAGE } from './page';

/** Nothing but the page's own inline style and script may run or load. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export function servePage(response: ServerResponse): void {
  response.writeHead(200, HEADERS).end(PAGE);
}
