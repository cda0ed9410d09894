import { readProducerSettings } from '../producer.settings';
import { Acceptance } from './acceptance';

const acceptance = new Acceptance(readProducerSettings({}));

/** The faults found; none where the body is taken. */
function errorsOf(body: unknown) {
  const read = acceptance.read(body);
  return 'errors' in read ? read.errors : [];
}

const fine = { chat_id: 1, text: 'x' };

it('tells at most 20 faults, however many there are', () => {
  const delivery = Object.fromEntries(Array.from({ length: 400_000 }, (_, index) => [`unknown${index}`, 1]));
  expect(errorsOf({ ...fine, delivery })).toHaveLength(20);
  expect(errorsOf(Array(1_000).fill({ ...fine, delivery: { a: 1, b: 2, c: 3 } }))).toHaveLength(20);
  expect(errorsOf({ ...fine, extra: Array(1_000).fill('\ud800') })).toHaveLength(20);
});

it('names a field by at most 200 characters, none of them half', () => {
  const [error] = errorsOf({ ...fine, delivery: { [`x${'🎉'.repeat(1_000)}`]: 1 } });
  expect(error?.field).toHaveLength(200);
  expect(error?.field).toMatch(/^delivery\.x🎉/);
  expect(errorsOf({ ...fine, ['\ud800']: 1 }).every(({ field }) => field.isWellFormed())).toBe(true);
  const halves = Array.from({ length: 2 }, (_, more) =>
    errorsOf({ ...fine, [`${'x'.repeat(more)}${'🎉'.repeat(200)}`]: Infinity }),
  );
  for (const [half] of halves) expect(half?.field.isWellFormed()).toBe(true);
});

it('refuses a message that is larger than Telegram takes, and names which one of an array', () => {
  const large = { ...fine, later: 'x'.repeat(1024 * 1024) };
  const message = 'must be at most 1 MiB as JSON: Telegram takes no more';
  expect(errorsOf(large)).toEqual([{ field: '', message }]);
  expect(errorsOf([fine, large])).toEqual([{ field: '1', message }]);
});

it('takes an array that is larger as a whole', () => {
  const half = { ...fine, later: 'x'.repeat(512 * 1024) };
  expect(errorsOf([half, half, half])).toEqual([]);
});
