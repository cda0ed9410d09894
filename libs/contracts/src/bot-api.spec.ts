import type { ApiMethods } from '@grammyjs/types';
import { isQueued } from './bot-api';

type Method = keyof ApiMethods<unknown>;

describe('isQueued', () => {
  it.each<Method>([
    ...([
      'sendMessage',
      'sendPhoto',
      'sendMediaGroup',
      'sendRichMessage',
      'sendInvoice',
      'sendPoll',
      'sendGift',
    ] as const),
    ...(['copyMessage', 'copyMessages', 'forwardMessage', 'forwardMessages'] as const),
    ...(['editMessageText', 'editMessageMedia', 'editMessageLiveLocation', 'editMessageChecklist'] as const),
    ...(['editEphemeralMessageText', 'stopPoll', 'stopMessageLiveLocation'] as const),
    ...(['deleteMessage', 'deleteMessages', 'deleteBusinessMessages', 'deleteEphemeralMessage'] as const),
    ...(['deleteMessageReaction', 'deleteAllMessageReactions', 'setMessageReaction'] as const),
    ...(['pinChatMessage', 'unpinChatMessage', 'unpinAllChatMessages', 'unpinAllForumTopicMessages'] as const),
  ])('says yes to %s, which is about messages', (method) => {
    expect([isQueued(method), isQueued(method.toUpperCase())]).toEqual([true, true]);
  });

  it.each<Method>([
    ...(['getMe', 'getUpdates', 'getChat', 'getFile', 'setWebhook', 'deleteWebhook', 'setMyCommands'] as const),
    ...(['answerCallbackQuery', 'answerInlineQuery', 'banChatMember', 'deleteMyCommands', 'deleteChatPhoto'] as const),
    ...(['editForumTopic', 'editChatInviteLink', 'deleteForumTopic', 'deleteStory', 'uploadStickerFile'] as const),
    ...(['sendChatAction', 'sendMessageDraft', 'sendRichMessageDraft', 'readBusinessMessage', 'logOut'] as const),
  ])('says no to %s', (method) => {
    expect([isQueued(method), isQueued(method.toLowerCase())]).toEqual([false, false]);
  });

  it('says yes to what Telegram may add', () => {
    expect(['sendHologram', 'editMessageHologram'].map(isQueued)).toEqual([true, true]);
  });
});
