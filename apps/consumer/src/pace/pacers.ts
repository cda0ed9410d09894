import type { Limits } from '@app/contracts';
import type { Clock } from './clock';
import { Pacer } from './pacer';

/** One pacer a bot, since Telegram's limits hold per bot. */
export class Pacers {
  private readonly byBot: ReadonlyMap<string, Pacer>;

  constructor(bots: readonly string[], limits: Limits, clock: Clock) {
    this.byBot = new Map(bots.map((bot) => [bot, new Pacer(limits, clock)]));
  }

  /** @throws Error where no bot has that name. */
  of(bot: string): Pacer {
    const pacer = this.byBot.get(bot);
    if (!pacer) throw new Error(`no bot is named ${JSON.stringify(bot)}`);
    return pacer;
  }

  /** Begins nothing any more: every waiting and further turn is `stopped`. */
  stop(): void {
    for (const pacer of this.byBot.values()) void pacer.stop();
  }
}
