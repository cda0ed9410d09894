import { chatId, sendMessage, type MessageFile, type SendMessage } from '@app/contracts';
import { fingerprintOf } from '../once';
import type { Parameters } from './read-parameters';

/** A call that is to become a message. */
export interface QueuedCall {
  bot: string;
  method: string;
  payload: Parameters;
  /** In the store. */
  files?: readonly MessageFile[];
}

/** Whether the queue can hold the parameters exactly as they are. */
export const fitsQueue = (payload: Parameters): boolean => sendMessage.shape.payload.safeParse(payload).success;

/** The message that a call becomes. */
export function commandOf(id: string, { bot, method, payload, files = [] }: QueuedCall): SendMessage {
  const chat = chatId.safeParse(payload.chat_id);
  return {
    ...{ version: files.length > 0 ? 3 : 1, id, bot, method, payload, exact: true },
    ...(files.length > 0 && { files: [...files] }),
    ...(chat.success && { chat_id: chat.data }),
    ...{ priority: 'normal', on_uncertain: 'resend', created_at: Date.now() },
  };
}

/**
 * The same for the repetition of a call. Clients make up new names for the fields of their files each time, so a file counts
 * by its content, and by its field only where nothing refers to that.
 */
export function fingerprintOfCall({ bot, method, payload, files = [] }: QueuedCall): string {
  const byField = new Map(files.map((file) => [file.field, file]));
  const named = new Set<string>();
  const parameters: unknown = JSON.parse(JSON.stringify(payload), (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    // In a form the items of an album are one text of JSON.
    return value.replace(/attach:\/\/([^"\\\s]+)/g, (text, field: string) => {
      const file = byField.get(field);
      if (!file) return text;
      named.add(field);
      return `attach://${JSON.stringify(contentOf(file))}`;
    });
  });
  const beside = files.filter(({ field }) => !named.has(field)).map((file) => [file.field, contentOf(file)]);
  return fingerprintOf([bot, method.toLowerCase(), parameters, beside]);
}

const contentOf = ({ filename, type, sha256 }: MessageFile) => ({ filename, type, sha256 });
