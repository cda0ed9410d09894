import { z } from 'zod';
import { messageFile } from './files';
import { botName, delivery } from './message';
import { chatId, soundTree } from './parameters';

/** Parameters of a Bot API method, chat included, as Telegram takes them. */
const payload = z.record(z.string(), z.unknown()).superRefine(soundTree);

/** A further call of a message that takes more than one. */
const part = z.object({
  method: z.string(),
  payload,
  /** It replies to the first message that the first call makes. */
  replies: z.literal(true).optional(),
});

/**
 * A message as it travels from producer to consumer: one Bot API call, or several in order, ready to be made, and its
 * envelope. `version` is raised when a field changes its meaning; a consumer dead-letters versions that it does not know,
 * so one that would send the first part of several and drop the others never sees them: those are version 2; those with
 * files, which it would not send, version 3; edits and recalls, which it would send as they stand, version 4.
 */
export const sendMessage = z.object({
  version: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  /** UUIDv7, given when the message is accepted. */
  id: z.uuid(),
  bot: botName,
  method: z.string(),
  payload,
  /** The calls after the first. */
  rest: z.array(part).min(1).optional(),
  /**
   * It came through the Bot API door: it reaches Telegram as it is, whatever Telegram says of it, and Telegram’s answer is
   * kept for the client that waits.
   */
  exact: z.literal(true).optional(),
  /** The calls to make instead where the server does not know the method; then `rest` is empty. */
  fallback: z.array(part).min(1).optional(),
  /** Files that parameters of its calls refer to, each by `attach://<field>`. */
  files: z.array(messageFile).min(1).optional(),
  /** What had to be changed when it was accepted. */
  degradations: z.array(z.string()).optional(),
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
  /**
   * The message of ours that this one changes, or with `deleteMessages` takes back. Which messages of Telegram's that are is
   * looked up when its turn comes; `rest` holds the texts that follow the first, each as it would be sent.
   */
  edit_of: z.uuid().optional(),
  /** When it was accepted: Unix time in milliseconds. */
  created_at: z.number(),
});

/** Parameters that say where and how a message is sent; what an edit adds to it is sent likewise. */
export const placeParameters = [
  ...(['message_thread_id', 'direct_messages_topic_id', 'business_connection_id'] as const),
  ...(['disable_notification', 'protect_content', 'allow_paid_broadcast'] as const),
];

/** The method of a command that takes a message back. */
export const recallMethod = 'deleteMessages';

export type SendMessage = z.infer<typeof sendMessage>;
export type Part = z.infer<typeof part>;

/** The message by its fallback. */
export function instead({ fallback = [], ...command }: SendMessage): SendMessage {
  const [first, ...rest] = fallback;
  return { ...command, ...first, ...(rest.length > 0 && { rest }) };
}

/** Calls to Telegram that a message takes. */
export const partsOf = ({ rest }: Pick<SendMessage, 'rest'>): number => 1 + (rest?.length ?? 0);
