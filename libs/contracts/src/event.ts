import { z } from 'zod';
import { botName } from './message';
import { chatId } from './parameters';
import { reason } from './reasons';
import { messageStatus } from './status';

/** What happened to a message, as it is published for anyone. */
export const messageEvent = z.object({
  event: z.templateLiteral(['message.', messageStatus]).describe('`message.<status>`; on AMQP also the routing key.'),
  id: z.uuid().describe('The message.'),
  status: messageStatus,
  bot: botName,
  chat_id: chatId.optional(),
  method: z.string(),
  ref: z.string().optional().describe('The caller’s own `delivery.ref`.'),
  edits: z.uuid().optional().describe('The message that this one edits or recalls.'),
  reason: reason.optional(),
  error_code: z.int().optional().describe('Telegram’s.'),
  description: z.string().optional().describe('Telegram’s words.'),
  message_ids: z.array(z.int()).optional().describe('Telegram’s ids of what it sent.'),
  at: z.iso.datetime().describe('When it happened.'),
});

export type MessageEvent = z.infer<typeof messageEvent>;
