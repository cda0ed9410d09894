import { z } from 'zod';
import { isHttpUrl } from './http-url';
import { chatId } from './parameters';
import { messageStatus } from './status';

/** How a webhook is called; stands in its address. */
export const webhookName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _');

const eventNames = z
  .array(z.templateLiteral(['message.', messageStatus]), 'must be an array')
  .max(messageStatus.options.length, 'must name each event once');

/** Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
const secret = z.string().refine((text) => {
  const bytes = Buffer.from(text.slice(6), 'base64');
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === text.slice(6).replace(/=+$/, '');
  return text.startsWith('whsec_') && isBase64 && bytes.length >= 24 && bytes.length <= 64;
}, 'must be whsec_ and 24 to 64 bytes in base64');

/** What a caller says of a webhook. */
export const webhookOrder = z.strictObject({
  url: z
    .string('must be a text')
    .max(2048, 'must be at most 2048 characters')
    .refine(isHttpUrl, 'must be an http:// or https:// URL without user and fragment')
    .describe('Where events are posted to.'),
  events: eventNames.default([]).describe('Which events; all where the list is empty.'),
  chat_id: chatId.optional().describe('Only events of that chat.'),
  secret: secret.optional().describe('Signs what is posted; made and returned where none is given.'),
});

/** How a webhook stands. */
export const webhookReport = z.object({
  name: webhookName,
  url: z.string(),
  events: eventNames,
  chat_id: chatId.optional(),
  status: z.enum(['active', 'failing', 'disabled']),
  created_at: z.iso.datetime(),
  failing_since: z.iso.datetime().optional().describe('Since when the receiver takes nothing.'),
  last_error: z.string().optional().describe('What the receiver answered last, if it did not take an event.'),
  disabled: z
    .object({ at: z.iso.datetime(), why: z.string() })
    .optional()
    .describe('After a 410, or five days without success; the next `PUT` goes on where it ended.'),
});

/** The answer to a `PUT`, and the only one that has the secret. */
export const webhookMade = webhookReport.extend({ secret: z.string() });

export const webhookList = z.object({ webhooks: z.array(webhookReport) });

export type WebhookOrder = z.infer<typeof webhookOrder>;
export type WebhookReport = z.infer<typeof webhookReport>;
