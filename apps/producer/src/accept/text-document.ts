import { attach, type Format, type MessageFile, type Overflow } from '@app/contracts';
import { createHash } from 'node:crypto';
import type { Payload } from './written-text';

/** How a text is written, and what becomes of it where it is too long. */
export interface Writing {
  format?: Format;
  overflow?: Overflow;
}

const field = 'written_text';

const kinds: Readonly<Record<Format, { name: string; type: string }>> = {
  plain: { name: 'message.txt', type: 'text/plain; charset=utf-8' },
  markdown: { name: 'message.md', type: 'text/markdown; charset=utf-8' },
  rich: { name: 'message.md', type: 'text/markdown; charset=utf-8' },
  html: { name: 'message.html', type: 'text/html; charset=utf-8' },
  markdownv2: { name: 'message.txt', type: 'text/plain; charset=utf-8' },
};

/** The call that sends a text as a file, as it was written, and that file. It travels with its message, as any text does. */
export function asDocument(payload: Payload, written: string, { format = 'plain' }: Writing) {
  const bytes = Buffer.from(written);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { name, type } = kinds[format];
  const file: MessageFile = { field, written, filename: name, type, size: bytes.length, sha256 };
  return { call: { method: 'sendDocument', payload: { ...payload, document: attach(field) } }, file };
}
