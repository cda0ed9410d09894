import { z } from 'zod';

/** Telegram’s answer to a call, as every client of the Bot API knows it. */
export const callAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error_code: z.int(),
    description: z.string(),
    parameters: z.looseObject({ retry_after: z.number().optional() }).optional(),
  }),
]);

export type CallAnswer = z.infer<typeof callAnswer>;
export type CallRefusal = Omit<Extract<CallAnswer, { ok: false }>, 'ok'>;

/** Tells a producer that a message which one of its clients waits for is over; without `answer` the ledger knows why. */
export const callAnswered = z.object({ id: z.uuid(), answer: callAnswer.optional() });

export type CallAnswered = z.infer<typeof callAnswered>;

/**
 * Methods that make, change or remove what stands in a chat, those that Telegram adds later included: their order matters,
 * and Telegram’s limits are about them. A draft and “is typing…” are worth something only at once, so they are none.
 */
const queued =
  /^(send(?!ChatAction$)(?!\w*Draft$)|copyMessages?$|forwardMessages?$|edit\w*Message|delete\w*Message(s|Reactions?)?$|pin\w*Message|unpin\w*Message|setMessageReaction$|stopPoll$|stopMessageLiveLocation$)/i;

/** Whether the Bot API door hands a method to the queue; all others go straight on to Telegram. */
export const isQueued = (method: string): boolean => queued.test(method);
