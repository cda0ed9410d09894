import { Recent } from './recent';

it('takes only the parked copy of a message, and those parked after it', () => {
  const recent = new Recent();
  recent.parked('a', 2);
  expect([0, 1, 2, 3].map((hops) => recent.isStale('a', hops))).toEqual([true, true, false, false]);
});

it('forgets the oldest first, so that its memory is bounded', () => {
  const recent = new Recent();
  recent.parked('first', 1);
  recent.parked('again', 1);
  for (let count = 0; count < 19_998; count += 1) recent.parked(`${count}`, 1);
  recent.parked('again', 1);
  recent.parked('one more', 1);
  expect(recent.isStale('first', 0)).toBe(false);
  expect(recent.isStale('again', 0)).toBe(true);
});
