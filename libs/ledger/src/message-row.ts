import { partsOf, placeParameters, type MessageEvent, type MessageStatus, type SendMessage } from '@app/contracts';
import type { Place } from './edits';
import { chatText, plain } from './text';

/** A message as it is first written, with the event that says so. */
export type MessageRow = ReturnType<typeof rowOf>;

export function rowOf(command: SendMessage, keepsBody: boolean) {
  const { id, bot, method, chat_id, ref, created_at, replay_of, edit_of } = command;
  const status = command.send_at === undefined ? 'queued' : 'scheduled';
  const body = keepsBody ? JSON.stringify(command) : null;
  return {
    id,
    /** As `insertOn` of record.ts reads them. */
    values: [
      ...[id, bot, method, chatText(chat_id), plain(ref), created_at, body, replay_of ?? null, status],
      ...[partsOf(command), command.degradations ? JSON.stringify(command.degradations) : null],
      ...[edit_of ?? null, placeOf(command)],
    ],
    /** About what it takes in memory, in characters. */
    size: 500 + (body?.length ?? 0),
    event: eventOf(command, status, created_at),
  };
}

/** What edits of a message need to know of it, content or not kept; null where all of it is as usual. */
function placeOf({ priority, send_at, payload }: SendMessage): string | null {
  const place: Place = { ...(priority !== 'normal' && { priority }), ...(send_at !== undefined && { send_at }) };
  for (const name of placeParameters) if (payload[name] !== undefined) place[name] = payload[name];
  return Object.keys(place).length > 0 ? JSON.stringify(place) : null;
}

type Words = Partial<Pick<MessageEvent, 'reason' | 'error_code' | 'description'>>;

/** What may be told of an answer beside where the message stands. */
type Told = { [W in keyof Words]: Words[W] | null } & { messageIds?: readonly number[] };

/** What an event tells of its message, wherever that stands. */
type Subject = Pick<SendMessage, 'id' | 'bot' | 'method' | 'chat_id' | 'ref' | 'edit_of'>;

export function eventOf(subject: Subject, status: MessageStatus, at: number, told: Told = {}): MessageEvent {
  const { id, bot, method, chat_id, ref, edit_of } = subject;
  const { reason, error_code, description, messageIds } = told;
  return {
    ...{ event: `message.${status}`, id, status, bot, method },
    ...(chat_id !== undefined && { chat_id }),
    ...(ref !== undefined && { ref }),
    ...(edit_of !== undefined && { edits: edit_of }),
    ...(reason && { reason }),
    ...(error_code && { error_code }),
    ...(description && { description }),
    ...(messageIds && messageIds.length > 0 && { message_ids: [...messageIds] }),
    at: new Date(at).toISOString(),
  };
}
