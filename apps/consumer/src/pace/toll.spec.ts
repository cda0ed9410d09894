import { tollOf } from './toll';

describe(tollOf, () => {
  it.each([
    ['sendMessage', {}, true, { bot: 1, chat: 1, paid: false }],
    ['sendMediaGroup', { media: [{}, {}, {}] }, false, { bot: 3, chat: 3, paid: false }],
    ['SENDMEDIAGROUP', { media: '[{},{}]' }, false, { bot: 2, chat: 2, paid: false }],
    ['copyMessages', { message_ids: [1, 2, 3, 4] }, true, { bot: 4, chat: 4, paid: false }],
    ['forwardMessage', {}, false, { bot: 1, chat: 1, paid: false }],
    ['editMessageText', {}, true, { bot: 1, chat: 1, paid: false }],
    ['editMessageText', {}, false, { bot: 1, chat: 0, paid: false }],
    ['deleteMessage', {}, true, { bot: 1, chat: 0, paid: false }],
    ['sendChatAction', {}, true, { bot: 1, chat: 0, paid: false }],
    ['sendMessage', { allow_paid_broadcast: 'true' }, false, { bot: 1, chat: 1, paid: true }],
  ])('of %s with %j', (method, payload, inGroup, toll) => {
    expect(tollOf({ method, payload }, inGroup)).toEqual(toll);
  });
});
