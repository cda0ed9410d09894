import type { queuedMessage, SendMessage } from '@app/contracts';
import type { z } from 'zod';

type Queued = z.infer<typeof queuedMessage>;

/** A message as its acceptance is answered. */
export const toQueued = ({ id, chat_id, method, created_at, replay_of, edit_of, send_at }: SendMessage): Queued => ({
  id,
  status: send_at === undefined ? 'queued' : 'scheduled',
  ...(chat_id !== undefined && { chat_id }),
  method,
  created_at: new Date(created_at).toISOString(),
  ...(replay_of !== undefined && { replay_of }),
  ...(edit_of !== undefined && { edits: edit_of }),
});
