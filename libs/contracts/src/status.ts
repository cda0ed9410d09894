import { z } from 'zod';

/** Where a message stands; the last five are final. */
export const messageStatus = z.enum([
  'queued',
  'scheduled',
  'sending',
  'retrying',
  'sent',
  'failed',
  'expired',
  'cancelled',
  'uncertain',
]);

export type MessageStatus = z.infer<typeof messageStatus>;

/** Statuses that a message never leaves by itself. */
export const finalStatuses: readonly MessageStatus[] = ['sent', 'failed', 'expired', 'cancelled', 'uncertain'];

export const isFinal = (status: MessageStatus): boolean => finalStatuses.includes(status);
