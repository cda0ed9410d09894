import { z } from 'zod';

/** So many calls in any window of that length. */
export interface Rate {
  /** Calls. */
  limit: number;
  /** Length of the window in milliseconds. */
  windowMs: number;
}

/** Reads `30/1s`, `20/60s`, `1/500ms` or `5/2m` as a {@link Rate}. */
export const rate = z
  .string()
  .regex(/^[1-9]\d{0,6}\/[1-9]\d{0,6}(ms|s|m)$/, 'must look like 30/1s, 20/60s or 1/500ms')
  .transform((text): Rate => {
    const [limit, window] = text.split('/') as [string, string];
    const unit = window.endsWith('ms') ? 1 : window.endsWith('m') ? 60_000 : 1_000;
    return { limit: Number(limit), windowMs: parseInt(window, 10) * unit };
  });

/** Limits that Telegram documents, per bot. Source: Bots FAQ, "My bot is hitting limits, how do I avoid this?". */
export interface Limits {
  /** All calls of the bot together: 30 in any second. */
  global: Rate;
  /** One private chat (positive id): one in any second. */
  private: Rate;
  /** One group, supergroup or channel (negative id, or an `@name`): 20 in any minute. */
  group: Rate;
}

/** Calls with `allow_paid_broadcast`, per bot. Source: Bot API, that parameter's description. */
export const paidBroadcast: Rate = { limit: 1_000, windowMs: 1_000 };
