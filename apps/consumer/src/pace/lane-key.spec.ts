import { isGroup, laneKey } from './lane-key';

describe(laneKey.name, () => {
  it.each([
    [123, '123'],
    [' 123 ', '123'],
    ['+0123', '123'],
    [-1001234567890, '-1001234567890'],
    ['-1001234567890', '-1001234567890'],
    ['@News', '@news'],
    [' @NEWS', '@news'],
    [undefined, ''],
    ['', ''],
  ])('puts %p into the lane %p', (chatId, lane) => expect(laneKey(chatId)).toBe(lane));

  it('takes negative ids and @names for groups, and nothing else', () => {
    expect(['-5', '@news', '5', ''].map(isGroup)).toEqual([true, true, false, false]);
  });
});
