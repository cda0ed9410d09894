import type { Journal } from './journal';

/**
 * Resolves once `isDone` says so, asked now and after calls arrive: once for all calls of one turn of the event loop.
 * Rejects after `timeoutMs`, with the counts of what has arrived and how long ago the last came, or with what `isDone` throws.
 */
export function waitUntil(calls: Journal, isDone: () => boolean, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = false;
    let lastAt: number | undefined;
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      finish();
    };
    const ask = () => {
      asked = false;
      try {
        if (isDone()) settle(resolve);
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    const unsubscribe = calls.subscribe(() => {
      if (!asked) setImmediate(ask);
      asked = true;
      lastAt = performance.now();
    });
    const timer = setTimeout(() => {
      const seen = JSON.stringify(calls.count());
      const last =
        lastAt === undefined ? 'none of them meanwhile' : `the last ${Math.round(performance.now() - lastAt)} ms ago`;
      settle(() => reject(new Error(`the sandbox waited ${timeoutMs} ms in vain; calls so far: ${seen}, ${last}`)));
    }, timeoutMs);
    ask();
  });
}
