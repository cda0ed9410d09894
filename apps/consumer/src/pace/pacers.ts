import type { Limits } from '@app/contracts';
import type { Clock } from './clock';
import { costOf } from './cost';
import { laneKey } from './lane-key';
import { Pacer } from './pacer';
import type { Priority, Turn } from './turn';

/** A message as far as pacing is concerned. */
export interface Paced {
  command: {
    bot: string;
    chat_id?: string | number;
    method: string;
    payload: Record<string, unknown>;
    priority: Priority;
  };
  order: number;
  notBefore?: number;
}

/** One pacer a bot, since Telegram's limits hold per bot. */
export class Pacers {
  private readonly byBot: ReadonlyMap<string, Pacer>;

  constructor(bots: readonly string[], limits: Limits, clock: Clock) {
    this.byBot = new Map(bots.map((bot) => [bot, new Pacer(limits, clock)]));
  }

  /** Waits for the message's turn; see {@link Pacer.turn}. @throws Error where no bot has that name. */
  turn({ command, order, notBefore }: Paced): Promise<Turn> {
    const pacer = this.byBot.get(command.bot);
    if (!pacer) throw new Error(`no bot is named ${JSON.stringify(command.bot)}`);
    return pacer.turn({
      lane: laneKey(command.chat_id),
      order,
      cost: costOf(command),
      priority: command.priority,
      notBefore,
    });
  }

  /** Gives up the place of a message that will not ask for a turn again; see {@link Pacer.forget}. */
  forget({ command, order }: Paced): void {
    this.byBot.get(command.bot)?.forget(laneKey(command.chat_id), order);
  }

  /** Begins nothing any more: every waiting and further turn is `stopped`. */
  stop(): void {
    for (const pacer of this.byBot.values()) void pacer.stop();
  }

  /** Each bot's pacer, for metrics. */
  entries(): Iterable<[bot: string, pacer: Pacer]> {
    return this.byBot.entries();
  }
}
