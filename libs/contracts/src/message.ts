import { z } from 'zod';
import { shownParameters } from './methods';
import { chatId, soundTree } from './parameters';

/** Name of the bot that a message without `delivery.bot` goes to. */
export const defaultBot = 'default';

/** Bots are named by their variable `TELEGRAM_BOT_TOKEN_<NAME>`, in lower case. */
export const botName = z.string().regex(/^[a-z0-9_]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and _');

/** Most messages that one array may hold. */
export const maxBatch = 1000;

/** Longest time a message may be asked to live or to wait: a year. */
const maxSeconds = 366 * 24 * 3600;

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds as a number, or a text such as `"90s"`, `"10m"`, `"1h"`, `"2d"`; read as seconds. */
export const duration = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}[smhd]$/, 'must look like "90s", "10m", "1h" or "2d"')
        .transform((text) => parseInt(text, 10) * units[text.slice(-1) as keyof typeof units]),
    ],
    'must be seconds, or a text like "10m"',
  )
  .pipe(z.number().min(1, 'must be at least 1 second').max(maxSeconds, 'must be at most 366 days'));

/** Which goes first where several could go, the most urgent first. */
export const priorities = ['high', 'normal', 'bulk'] as const;
export type Priority = (typeof priorities)[number];

/** A moment at most a year ahead; one that has passed means at once. */
const sendAt = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time, like 2027-01-31T09:00:00+01:00' })
  .refine((text) => !(Date.parse(text) - Date.now() > maxSeconds * 1000), 'must be at most 366 days ahead');

/** Where and how a message is to be delivered; everything else in the body is Telegram's. */
export const delivery = z.strictObject({
  bot: botName.optional().describe('Which bot sends it; `default` where not given.'),
  priority: z
    .enum(priorities)
    .optional()
    .describe('`normal` where not given. Order within a chat holds for messages of one priority.'),
  send_at: sendAt.optional().describe('When to send it, RFC 3339; at once where that has passed.'),
  delay: duration.optional().describe('Instead of `send_at`: seconds from now, or a text such as "10m".'),
  ttl: duration
    .optional()
    .describe('Seconds, or a text such as "1h", from when it is to be sent. Past it the message is expired, not sent.'),
  on_uncertain: z
    .enum(['resend', 'drop'])
    .optional()
    .describe('What to do when Telegram’s answer never came: `resend` , or `drop`, which makes it a dead letter.'),
  overflow: z
    .enum(['split', 'document', 'reject'])
    .optional()
    .describe(
      'What to do with a text or caption longer than Telegram takes: `split` , where not given, `document` to send it as a file, or `reject`.',
    ),
  ref: z.string().min(1).max(256).optional().describe('Free text of the caller’s; stands in logs and dead letters.'),
});

/** How a text is written. */
export const format = z.enum(['plain', 'markdown', 'html', 'markdownv2', 'rich']);
export type Format = z.infer<typeof format>;

/**
 * What a caller hands in: the parameters of one Bot API method in Telegram's own names, and a delivery envelope.
 * Parameters that TelegraMQ does not know pass untouched.
 */
export const message = z
  .looseObject({
    method: z
      .string()
      .regex(/^[A-Za-z]{2,64}$/, 'must be the name of a Bot API method')
      .optional()
      .describe('Bot API method; taken from the content where not given (`text` → `sendMessage`, …).'),
    format: format.optional().describe('How `text` or `caption` is written; instead of `parse_mode` and entities.'),
    delivery: delivery.optional(),
    chat_id: chatId.optional().describe('Where it goes; the default chat where not given.'),
    ...shownParameters,
  })
  .superRefine((body, context) => {
    soundTree(body, context, ['text', 'caption']);
    if (body.delivery?.send_at !== undefined && body.delivery.delay !== undefined) {
      context.addIssue({ code: 'custom', path: ['delivery', 'delay'], message: 'goes instead of send_at' });
    }
    if (body.format && (body.parse_mode ?? body.entities ?? body.caption_entities) !== undefined) {
      context.addIssue({ code: 'custom', path: ['format'], message: 'goes instead of parse_mode and entities' });
    }
  });

export type Message = z.infer<typeof message>;
export type Delivery = z.infer<typeof delivery>;
export type Overflow = NonNullable<Delivery['overflow']>;

/** Answer to an accepted message. */
export const queuedMessage = z.object({
  id: z.uuid().describe('UUIDv7 of the message.'),
  status: z.enum(['queued', 'scheduled']).describe('`scheduled`: it waits for its `send_at` or `delay`.'),
  chat_id: chatId.optional(),
  method: z.string().describe('The Bot API method it will be sent by.'),
  created_at: z.iso.datetime().describe('When it was accepted.'),
  replay_of: z.uuid().optional().describe('The message that this one sends again.'),
  edits: z.uuid().optional().describe('The message that this one edits or recalls.'),
});
