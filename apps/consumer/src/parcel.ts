import type { DeliveryContext } from '@app/broker';
import { instead, partsOf, type CallAnswer, type Priority, type SendMessage } from '@app/contracts';

/** A command on its way through the pipeline. */
export interface Parcel {
  /** With the method and parameters of the part whose turn it is, as Telegram is to get them. */
  command: SendMessage;
  /** As it came. */
  whole: SendMessage;
  delivery: DeliveryContext;
  /** Calls to Telegram made so far that counted. */
  attempts: number;
  /** What had to be changed for Telegram to take it. */
  degradations: readonly string[];
  /** Parts that are done. */
  parts: number;
  /** Telegram's ids of what they made. */
  messageIds: readonly number[];
  /** The answer, and the producer that has a client waiting for it, once it is over. */
  reply?: { producer: string; answer: CallAnswer };
}

export const openParcel = (command: SendMessage, delivery: DeliveryContext): Parcel => ({
  ...{ command, whole: command, delivery },
  ...{ attempts: 0, degradations: command.degradations ?? [], parts: 0, messageIds: [] },
});

/** The message where it goes on after so many parts; what has a fallback is one call, so more are those of its fallback. */
export function atPart(parcel: Parcel, parts: number, messageIds: readonly number[]): Parcel {
  const whole = parts > 0 && parcel.whole.fallback ? instead(parcel.whole) : parcel.whole;
  const part = whole.rest?.[parts - 1];
  const [first] = messageIds;
  const reply = part?.replies && first !== undefined && { message_id: first, allow_sending_without_reply: true };
  const call = part && { method: part.method, payload: { ...part.payload, ...(reply && { reply_parameters: reply }) } };
  return { ...parcel, whole, command: { ...whole, ...call }, parts, messageIds };
}

/** The message after the part whose turn it was. */
export const afterPart = (parcel: Parcel, messageIds: readonly number[]): Parcel => ({
  ...atPart(parcel, parcel.parts + 1, [...parcel.messageIds, ...messageIds]),
  attempts: 0,
});

export const hasMore = ({ whole, parts }: Parcel): boolean => parts + 1 < partsOf(whole);

export const degraded = (parcel: Parcel, word?: string): readonly string[] =>
  word === undefined ? parcel.degradations : [...new Set([...parcel.degradations, word])];

export const isExpired = ({ expires_at }: SendMessage): boolean => expires_at !== undefined && expires_at <= Date.now();

/** Messages of one chat and class, which keep their order. */
export const lineOf = (lane: string, priority: Priority): string => `${lane} ${priority}`;

/** The chat's key out of a line. */
export const laneOfLine = (line: string): string => line.slice(0, line.lastIndexOf(' '));

/** Header that says whose messages a waiting room holds, so that nothing but the broker has to remember it. */
export const lineHeader = 'x-line';
