import type { DeliveryContext } from '@app/broker';
import { instead, partsOf, type CallAnswer, type Priority, type SendMessage } from '@app/contracts';
import type { Progress, Target } from '@app/ledger';
import type { Mended } from './outcome';
import { callOf, callsLeft, targetAfter } from './edit';

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
  /** Of an edit: the message that it is for. */
  target?: Target;
}

export const openParcel = (command: SendMessage, delivery: DeliveryContext): Parcel => ({
  ...{ command, whole: command, delivery },
  ...{ attempts: 0, degradations: command.degradations ?? [], parts: 0, messageIds: [] },
});

/** The message where it goes on after so many parts; what has a fallback is one call, so more are those of its fallback. */
export function atPart(parcel: Parcel, { parts, messageIds, target }: Omit<Progress, 'tries'>): Parcel {
  const whole = parts > 0 && parcel.whole.fallback ? instead(parcel.whole) : parcel.whole;
  const call = target ? callOf({ edit: whole, done: parts, target }) : partOf(whole, parts, messageIds[0]);
  return { ...parcel, whole, command: { ...whole, ...call }, parts, messageIds, target };
}

function partOf({ rest }: SendMessage, parts: number, first: number | undefined) {
  const part = rest?.[parts - 1];
  const reply = part?.replies && first !== undefined && { message_id: first, allow_sending_without_reply: true };
  return part && { method: part.method, payload: { ...part.payload, ...(reply && { reply_parameters: reply }) } };
}

/** The edit as it is right for its message now; what was mended of it stays while that stands as it stood. */
export function aimed(parcel: Parcel, target: Target | undefined): Parcel {
  const isAsBefore = String(target?.messageIds) === String(parcel.target?.messageIds);
  return isAsBefore ? parcel : atPart(parcel, { ...parcel, target });
}

/** The message with one more part done, which made these messages. */
export function withPart(parcel: Parcel, made: readonly number[]): Parcel {
  const { parts, whole, command } = parcel;
  const target = parcel.target && targetAfter({ edit: whole, done: parts, target: parcel.target }, command, made);
  return { ...parcel, parts: parts + 1, messageIds: [...parcel.messageIds, ...made], target };
}

/** The message at the part that follows. */
export function afterPart(parcel: Parcel, made: readonly number[]): Parcel {
  const after = withPart(parcel, made);
  return { ...atPart(after, after), attempts: 0 };
}

/** The message with a change; where all of its calls are others, at the one whose turn it is. */
export function changed(parcel: Parcel, { degradation, ...change }: Mended): Parcel {
  const after = { ...parcel, ...change, degradations: degraded(parcel, degradation) };
  return change.whole ? atPart(after, after) : after;
}

export const hasMore = ({ whole, parts, target }: Parcel): boolean =>
  target ? callsLeft({ edit: whole, done: parts, target }) > 1 : parts + 1 < partsOf(whole);

export const degraded = (parcel: Parcel, word?: string): readonly string[] =>
  word === undefined ? parcel.degradations : [...new Set([...parcel.degradations, word])];

export const isExpired = ({ expires_at }: SendMessage): boolean => expires_at !== undefined && expires_at <= Date.now();

/** Messages of one chat and class, which keep their order. */
export const lineOf = (lane: string, priority: Priority): string => `${lane} ${priority}`;

/** The chat's key out of a line. */
export const laneOfLine = (line: string): string => line.slice(0, line.lastIndexOf(' '));

/** Header that says whose messages a waiting room holds, so that nothing but the broker has to remember it. */
export const lineHeader = 'x-line';
