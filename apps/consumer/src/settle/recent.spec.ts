import { Recent } from './recent';

it('takes no copy of a message that is done', () => {
  const recent = new Recent();
  expect(recent.isStale('a', 0)).toBe(false);
  recent.done('a');
  expect([0, 1, 50].map((hops) => recent.isStale('a', hops))).toEqual([true, true, true]);
  expect(recent.isStale('b', 0)).toBe(false);
});

it('takes only the parked copy of a message, and those parked after it', () => {
  const recent = new Recent();
  recent.parked('a', 2);
  expect([0, 1, 2, 3].map((hops) => recent.isStale('a', hops))).toEqual([true, true, false, false]);
});

it('forgets the oldest first, so that its memory is bounded', () => {
  const recent = new Recent();
  recent.done('first');
  recent.done('again');
  for (let count = 0; count < 19_998; count += 1) recent.done(`${count}`);
  recent.done('again');
  recent.done('one more');
  expect(recent.isStale('first', 0)).toBe(false);
  expect(recent.isStale('again', 0)).toBe(true);
});
