import { z } from 'zod';
import { botName, delivery } from './message';
import { chatId, soundTree } from './parameters';

/**
 * A message as it travels from producer to consumer: one Bot API call, ready to be made, and its envelope.
 * `version` is raised when a field changes its meaning; a consumer dead-letters versions that it does not know.
 */
export const sendMessage = z.object({
  version: z.literal(1),
  /** UUIDv7, given when the message is accepted. */
  id: z.uuid(),
  bot: botName,
  method: z.string(),
  /** Parameters of the method, chat included, as Telegram takes them. */
  payload: z.record(z.string(), z.unknown()).superRefine(soundTree),
  chat_id: chatId.optional(),
  priority: delivery.shape.priority.unwrap(),
  on_uncertain: delivery.shape.on_uncertain.unwrap(),
  /** Unix time in milliseconds before which it is not sent. */
  send_at: z.number().optional(),
  /** Unix time in milliseconds past which it is not sent any more. */
  expires_at: z.number().optional(),
  ref: z.string().optional(),
  /** The message that this one sends again. */
  replay_of: z.uuid().optional(),
  /** When it was accepted: Unix time in milliseconds. */
  created_at: z.number(),
});

export type SendMessage = z.infer<typeof sendMessage>;
