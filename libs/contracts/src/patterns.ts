import type { z } from 'zod';
import { sendMessage } from './command';

/**
 * Every pattern that travels from producer to consumer, with the schema of its `data`. The consumer refuses to start
 * when a pattern of this list has no handler, or two.
 */
export const patterns = {
  'message.send': sendMessage,
} as const;

export type Pattern = keyof typeof patterns;

/** The `data` of each pattern. */
export type Commands = { [P in Pattern]: z.infer<(typeof patterns)[P]> };
