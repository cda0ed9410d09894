import { z } from 'zod';
import { botName } from './message';
import { chatId } from './parameters';
import { reason } from './reasons';
import { pageLimit } from './report';

/** What was given up, and why. */
export const deadLetter = z.object({
  id: z.string().describe('Of the letter.'),
  message_id: z.uuid().optional().describe('The message; none where the body could not be understood.'),
  bot: botName.optional(),
  chat_id: chatId.optional(),
  reason,
  description: z.string().optional().describe('In words: what was wrong, or what Telegram said.'),
  error_code: z.int().optional(),
  attempts: z.int().describe('Calls to Telegram that counted.'),
  queue: z.string().describe('Where the message stood.'),
  failed_at: z.iso.datetime(),
  replayed_as: z.uuid().optional().describe('The message that a replay of it made.'),
});

export const deadLetterReport = deadLetter.extend({
  body: z.string().optional().describe('As it stood on the queue; not kept with LEDGER_BODIES=off.'),
});

const flag = z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'must be true or false' });

/** Which letters are meant; all of it at once where several are given. */
export const deadLetterFilter = z.strictObject({
  bot: botName.optional(),
  chat_id: chatId.optional(),
  reason: reason.optional(),
  since: z.iso.datetime({ offset: true }).optional().describe('Given up at that time or later.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Given up before that time.'),
});

export const deadLetterQuery = deadLetterFilter.extend({
  replayed: flag.optional(),
  before: z.string().regex(/^\d{1,15}-[0-9a-f]{32}$/, 'must be `next` of a page').optional().describe('`next` of the page before.'), // prettier-ignore
  limit: pageLimit,
});

export const deadLetterPage = z.object({
  dead_letters: z.array(deadLetter).describe('The newest first.'),
  next: z.string().nullable().describe('`before` of the next page; null on the last.'),
});

/** Letters to send again. */
export const replayOrder = z.strictObject({
  filter: deadLetterFilter.describe('Letters replayed before are left out.'),
  dry_run: z.boolean().default(false).describe('Only says how many match.'),
  rate: z.int().min(1).max(1000).default(10).describe('Most messages a second.'),
});

export const replayAnswer = z.object({ matched: z.int(), dry_run: z.boolean() });

export const purgeQuery = deadLetterFilter.extend({
  all: flag.optional().describe('Without a filter, `true` is needed.'),
});
export const purgeAnswer = z.object({ deleted: z.int() });

export type DeadLetter = z.infer<typeof deadLetter>;
export type DeadLetterReport = z.infer<typeof deadLetterReport>;
export type DeadLetterFilter = z.infer<typeof deadLetterFilter>;
export type DeadLetterQuery = z.infer<typeof deadLetterQuery>;
