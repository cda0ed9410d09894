import { z } from 'zod';
import { botName, delivery, maxBatch } from './message';
import { chatId } from './parameters';
import { reason } from './reasons';
import { messageStatus } from './status';

/** One call to Telegram. */
export const attempt = z.object({
  at: z.iso.datetime().describe('When the call began.'),
  duration_ms: z.int(),
  outcome: z.enum(['sent', 'retry', 'rejected', 'uncertain']),
  reason: reason.optional(),
  error_code: z.int().optional().describe('Telegram’s.'),
  description: z.string().optional().describe('Telegram’s words.'),
  retry_after: z.int().optional().describe('Seconds, as Telegram said.'),
});

/** A message as the search shows it. */
export const foundMessage = z.object({
  id: z.uuid(),
  status: messageStatus,
  reason: reason.optional(),
  bot: botName,
  chat_id: chatId.optional(),
  method: z.string(),
  ref: delivery.shape.ref,
  replay_of: z.uuid().optional().describe('The message that this one sends again.'),
  description: z.string().optional().describe('Why it ended without a call, where `reason` does not tell all.'),
  edits: z.uuid().optional().describe('The message that this one edits or recalls.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime().describe('When its status last changed.'),
  telegram: z.object({
    message_ids: z.array(z.int()).describe('Telegram’s ids of what it sent, as edits have left it.'),
  }),
});

/** A message with everything that is known of it. */
export const messageReport = foundMessage.extend({
  attempts: z.array(attempt).describe('Calls to Telegram, the oldest first.'),
  degradations: z.array(z.string()).describe('What had to be changed for Telegram to take it.'),
  warnings: z
    .array(z.enum(['unknown_method']))
    .describe('`unknown_method`: the method is newer than this version, so it was passed on without being checked.'),
  chunks: z.int().describe('Telegram messages that it makes.'),
});

/** Entries of one page. */
export const pageLimit = z.coerce.number('must be a number').int().min(1).max(maxBatch / 5).default(50); // prettier-ignore

/** What a search asks for; all of it at once where several are given. */
export const messageQuery = z.strictObject({
  status: messageStatus.optional(),
  chat_id: chatId.optional(),
  ref: z.string().optional(),
  bot: botName.optional(),
  before: z.uuid().optional().describe('`next` of the page before.'),
  limit: pageLimit.describe('Most messages of one answer.'),
});

export const messagePage = z.object({
  messages: z.array(foundMessage).describe('The newest first.'),
  next: z.uuid().nullable().describe('`before` of the next page; null on the last.'),
});

/** What is known of a chat. */
export const chatReport = z.object({
  bot: botName,
  chat_id: chatId,
  migrated_to: chatId.optional().describe('The supergroup that it became.'),
  suppressed: z
    .object({ reason, at: z.iso.datetime() })
    .optional()
    .describe('Why nothing sent to it arrives, since when.'),
  updated_at: z.iso.datetime(),
});

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const chatQuery = z.strictObject({
  bot: botName.optional(),
  suppressed: flag.optional(),
  migrated: flag.optional(),
  before: z.string().optional().describe('`next` of the page before.'),
  limit: pageLimit,
});

export const chatPage = z.object({
  chats: z.array(chatReport),
  next: z.string().nullable().describe('`before` of the next page; null on the last.'),
});

/** Which events somebody wants to hear. */
export const eventQuery = z.strictObject({
  status: messageStatus.optional(),
  chat_id: chatId.optional(),
  bot: botName.optional(),
  last_event_id: z.coerce.number('must be a number').int().min(0).optional().describe('As the header `Last-Event-ID`.'),
});

export type EventQuery = z.infer<typeof eventQuery>;
export type MessageQuery = z.infer<typeof messageQuery>;
export type ChatQuery = z.infer<typeof chatQuery>;
export type FoundMessage = z.infer<typeof foundMessage>;
export type MessageReport = z.infer<typeof messageReport>;
export type ChatReport = z.infer<typeof chatReport>;

/** Query of `DELETE /v1/messages/<id>`. */
export const cancelQuery = z.strictObject({
  recall: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Where it is sent, or being sent: delete it in its chat.'),
});
