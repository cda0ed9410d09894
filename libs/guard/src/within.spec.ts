import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { within } from './within';

const ended = async (signal: AbortSignal) => {
  if (!signal.aborted) await once(signal, 'abort');
  return (signal.reason as Error).name;
};

it('ends when the time is up, however often garbage is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = setInterval(runInNewContext('gc') as () => void, 20);
  expect(await within(200, new AbortController().signal, ended)).toBe('TimeoutError');
  clearInterval(collect);
});

it('ends with the other signal, and does not wait for the time where the work is done', async () => {
  const other = new AbortController();
  const working = within(60_000, other.signal, ended);
  other.abort();
  expect(await working).toBe('AbortError');
  expect(await within(60_000, new AbortController().signal, () => Promise.resolve(1))).toBe(1);
});
