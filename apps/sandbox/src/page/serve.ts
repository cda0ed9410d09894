import type { ServerResponse } from 'node:http';
import type { Sandbox } from '../sandbox';
import { firstView } from './first-view';
import { FIRST_VIEW, PAGE } from './page';

/** Nothing but the page's own inline style and script may run or load. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export function servePage(response: ServerResponse, sandbox: Sandbox): void {
  // Inside a script element only a `<` could end it.
  const view = JSON.stringify(firstView(sandbox)).replaceAll('<', '\\u003c');
  response.writeHead(200, HEADERS).end(PAGE.replace(FIRST_VIEW, () => view));
}
