import type { Reason } from '@app/contracts';

/** A kind of 400 or 403 by Telegram's words, which are no contract: first match wins, without regard to case. */
interface Refusal {
  reason: Reason;
  /** How the description begins, after `Bad Request: ` or `Forbidden: `. Capitals are codes of Telegram's core. */
  begins: readonly string[];
}

/** Read from tdlib/telegram-bot-api (Client.cpp) and tdlib/td; anything not listed is `bad_request`. */
export const refusals: readonly Refusal[] = [
  {
    reason: 'bot_blocked',
    begins: ['bot was blocked by the user', "bot can't initiate conversation with a user", 'USER_IS_BLOCKED'],
  },
  { reason: 'user_deactivated', begins: ['user is deactivated', 'INPUT_USER_DEACTIVATED'] },
  {
    reason: 'bot_kicked',
    begins: [
      'bot was kicked from',
      'bot is not a member of',
      'the group chat was deleted',
      'group chat was deactivated',
      'CHANNEL_PRIVATE',
    ],
  },
  { reason: 'chat_migrated', begins: ['group chat was upgraded to a supergroup'] },
  {
    reason: 'chat_not_found',
    begins: [
      'chat not found',
      'private chat not found',
      'user not found',
      'chat_id is empty',
      'PEER_ID_INVALID',
      'CHAT_ID_INVALID',
      'CHANNEL_INVALID',
      'USER_ID_INVALID',
      'USERNAME_NOT_OCCUPIED',
      'USERNAME_INVALID',
    ],
  },
  {
    reason: 'thread_not_found',
    begins: ['message thread not found', 'TOPIC_CLOSED', 'TOPIC_DELETED', 'TOPIC_ID_INVALID', 'TOPIC_NOT_FOUND'],
  },
  {
    reason: 'reply_not_found',
    begins: [
      'message to be replied not found',
      'message to reply not found',
      'replied message not found',
      'reply message not found',
      'REPLY_MESSAGE_ID_INVALID',
      'QUOTE_TEXT_INVALID',
    ],
  },
  {
    reason: 'bad_markup',
    begins: [
      "can't parse entities",
      "can't parse entity",
      "can't parse message text",
      'unsupported parse_mode',
      'text contains invalid unicode',
      'ENTITIES_TOO_LONG',
      'ENTITY_BOUNDS_INVALID',
      'ENTITY_MENTION_USER_INVALID',
    ],
  },
  {
    reason: 'too_long',
    begins: [
      'message is too long',
      'message caption is too long',
      'caption is too long',
      'text is too long',
      'request entity too large',
      'MESSAGE_TOO_LONG',
      'MEDIA_CAPTION_TOO_LONG',
    ],
  },
  {
    reason: 'bad_file',
    begins: [
      'wrong http url specified',
      'failed to get http url content',
      'wrong type of the web page content',
      'wrong file identifier',
      'wrong file_id',
      'wrong remote file identifier',
      'invalid file',
      'file is too big',
      'file must be non-empty',
      "can't use file of type",
      'there is no photo in the request',
      'there is no video in the request',
      'there is no audio in the request',
      'there is no document in the request',
      'there is no animation in the request',
      'there is no sticker in the request',
      'there is no voice in the request',
      'there is no video note in the request',
      'photo has unsupported extension',
      'PHOTO_INVALID',
      'PHOTO_EXT_INVALID',
      'PHOTO_SAVE_FILE_INVALID',
      'IMAGE_PROCESS_FAILED',
      'VIDEO_FILE_INVALID',
      'DOCUMENT_INVALID',
      'MEDIA_EMPTY',
      'MEDIA_INVALID',
      'FILE_PART',
      'FILE_REFERENCE_',
      'WEBPAGE_CURL_FAILED',
      'WEBPAGE_MEDIA_EMPTY',
      'EXTERNAL_URL_INVALID',
    ],
  },
  {
    reason: 'not_enough_rights',
    begins: [
      'not enough rights',
      'have no rights',
      'have no write access to the chat',
      'need administrator rights',
      "bot can't send messages to",
      "the bot can't send messages to",
      'CHAT_WRITE_FORBIDDEN',
      'CHAT_SEND_',
      'CHAT_RESTRICTED',
      'CHAT_ADMIN_REQUIRED',
      'CHAT_GUEST_SEND_FORBIDDEN',
      'USER_BANNED_IN_CHANNEL',
      'VOICE_MESSAGES_FORBIDDEN',
      'ALLOW_PAYMENT_REQUIRED',
      'BALANCE_TOO_LOW',
    ],
  },
];
