import { z } from 'zod';

/**
 * Why a message was not (yet) delivered: one closed list. The same word stands in code, in log lines, as a metric
 * label, in the `x-reason` header of a dead letter and in docs/errors.md, which is generated from this table.
 */
export const reasons = {
  rate_limited: {
    means: 'Telegram answered 429.',
    action: 'The chat waits for `retry_after` in full, then it is sent again.',
  },
  chat_not_found: { means: 'The chat does not exist for this bot.', action: 'Dead letter. Check `chat_id`.' },
  chat_migrated: {
    means: 'The group became a supergroup with another id.',
    action: 'Send once to the new id, and everything after it as well. `degradations` names it.',
  },
  bot_blocked: {
    means: 'The user blocked the bot or never started it.',
    action:
      'Dead letter; the chat is suppressed: further messages fail without a call until a replay arrives or it is lifted.',
  },
  bot_kicked: { means: 'The bot is not a member of the chat (any more).', action: 'As `bot_blocked`.' },
  user_deactivated: { means: 'The account of the user is gone.', action: 'As `bot_blocked`.' },
  not_enough_rights: { means: 'The bot may not send this kind of message here.', action: 'Dead letter.' },
  thread_not_found: {
    means: 'The forum topic does not exist or is closed.',
    action: 'Send once more outside the topic (degradation `without_thread`); then a dead letter.',
  },
  reply_not_found: {
    means: 'The message to reply to does not exist.',
    action: 'Send once more as no reply (degradation `without_reply`); then a dead letter.',
  },
  bad_markup: {
    means: 'Telegram could not parse the entities of the text.',
    action: 'Send once more as plain text (degradation `plain_text`); then a dead letter.',
  },
  too_long: { means: 'The text, caption or request is longer than Telegram takes.', action: 'Dead letter.' },
  bad_file: {
    means: 'Telegram could not take or fetch the file.',
    action: 'One named by an address is fetched and uploaded once (degradation `fetched`); then a dead letter.',
  },
  files_unavailable: {
    means: 'The store of files could not be read; nothing was sent.',
    action: 'Send again after a back-off.',
  },
  bad_request: { means: 'Any other 4xx answer of Telegram.', action: 'Dead letter with Telegram’s own words.' },
  bot_unauthorized: {
    means: 'Telegram does not know the token (401, or 404 on the token).',
    action: 'The whole bot waits and keeps its messages until `getMe` is answered again.',
  },
  method_not_found: { means: 'This Bot API server does not know the method.', action: 'Dead letter.' },
  telegram_unavailable: { means: 'Telegram answered 5xx.', action: 'Send again after a back-off.' },
  network_unreachable: {
    means: 'No connection to Telegram; the message was surely not sent.',
    action: 'The whole bot waits until `getMe` is answered; uses up no attempt.',
  },
  no_answer: {
    means: 'The call went out but its answer never came whole; the message may have been sent.',
    action: 'By `delivery.on_uncertain`: `resend` sends again after a back-off, `drop` makes it a dead letter.',
  },
  invalid_command: { means: 'The body of the AMQP message could not be understood.', action: 'Dead letter.' },
  expired: { means: 'Its `delivery.ttl` had passed before it could be sent.', action: 'Dead letter, not sent.' },
  cancelled: {
    means: 'The caller cancelled it, or what it edits; or a newer edit or a recall came before its turn.',
    action: 'Not sent.',
  },
  internal: {
    means: 'A fault in TelegraMQ itself.',
    action: 'Stays on the broker; dead letter after repeated faults.',
  },
} as const satisfies Record<string, { means: string; action: string }>;

export type Reason = keyof typeof reasons;

/** Why a message is where it is. */
export const reason = z.enum(Object.keys(reasons) as [Reason, ...Reason[]]);
