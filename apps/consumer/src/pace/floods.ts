import type { BotLimit } from './bot-limit';
import type { Heard } from './turn';

/** Telegram's core holds a throttled call for up to 8 s before it answers 429; nothing else takes so long. */
const SLOW_MS = 2_000;
/** Two chats refused within that time mean the bot and not the chats. */
const TOGETHER_MS = 10_000;
/** A wait from which on it may be the bot's. */
const LONG_MS = 30_000;
/** What is left of the rate after a chat's 429 or a slow answer, and after one that means the bot. */
const LESS = 0.9;
const HALF = 0.5;

/** Reads Telegram's answers for signs that not only a chat but the bot is too fast. */
export class Floods {
  private lately: { chat: string | symbol; at: number; until: number }[] = [];

  /**
   * A 429 of a second chat holds the bot until the first of their waits is over; after that, and after one long wait, it
   * has one call at a time until Telegram takes one. 429s and slow answers lower the rate.
   */
  hear(bot: BotLimit, chat: string | symbol, { tookMs = 0, retryAfterMs }: Heard, now: number): void {
    if (retryAfterMs === undefined) {
      bot.isProbing = false;
      if (tookMs > SLOW_MS) bot.throttle.lower(now, LESS);
      return;
    }
    const others = this.lately.filter((flood) => flood.chat !== chat && now - flood.at < TOGETHER_MS);
    const until = now + retryAfterMs;
    const ends = [until, ...others.map((flood) => flood.until).filter((end) => end > now)];
    if (others.length > 0) bot.hold(Math.min(...ends));
    if (others.length > 0 || retryAfterMs >= LONG_MS) bot.isProbing = true;
    bot.throttle.lower(now, others.length > 0 ? HALF : LESS);
    this.lately = [...others, { chat, at: now, until }];
  }
}
