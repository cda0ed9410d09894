import type { ServerResponse } from 'node:http';
import type { Sandbox } from '../sandbox';

/** A reader that lags further behind misses entries, seen as a gap in `seq`, rather than filling our memory. */
const MAX_BEHIND_BYTES = 4 * 1024 * 1024;
const COUNT_EVERY_MS = 1000;

/** Server-sent events: each journal entry as it comes, and once a second an event `count` with the totals. */
export function streamEvents(response: ServerResponse, sandbox: Sandbox): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const count = () => response.write(`event: count\ndata: ${JSON.stringify(sandbox.calls.count())}\n\n`);
  count();
  const unsubscribe = sandbox.onCall((entry) => {
    if (response.writableLength > MAX_BEHIND_BYTES) return;
    response.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`);
  });
  const timer = setInterval(count, COUNT_EVERY_MS);
  response.on('close', () => {
    unsubscribe();
    clearInterval(timer);
  });
}
