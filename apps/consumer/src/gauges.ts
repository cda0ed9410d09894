import { priorities } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Bots, type Bot } from './bots';
import { InHand } from './in-hand';
import { Tenures } from './tenures';

/** What of a bot is measured when somebody asks; in words of the contracts. */
const ofBot: Record<string, { help: string; value: (bot: Bot) => number }> = {
  in_flight: { help: 'Calls to Telegram under way.', value: ({ pacer }) => pacer.inFlight },
  waiting: { help: 'Messages waiting in memory for their turn.', value: ({ pacer }) => pacer.waiting },
  lanes: { help: 'Chats that the pacer remembers something of.', value: ({ pacer }) => pacer.lanes },
  rooms: {
    help: 'Waiting rooms in use: chats and classes that wait on the broker.',
    value: ({ rooms }) => rooms?.occupied ?? 0,
  },
  rate: { help: 'Calls in any window of the bot’s limit, as it is used now.', value: ({ pacer }) => pacer.rate },
  held_seconds: {
    help: 'For how long the whole bot must still wait; Inf: until Telegram can be reached.',
    value: ({ pacer }) => pacer.heldForMs / 1000,
  },
};

/** The state of each bot in the metrics. */
@Injectable()
export class Gauges {
  constructor(registry: Registry, bots: Bots, tenures: Tenures, inHand: InHand) {
    const registers = [registry];
    for (const [name, { help, value }] of Object.entries(ofBot)) {
      new Gauge({
        ...{ name: `telegramq_${name}`, help, labelNames: ['bot'], registers },
        collect() {
          for (const bot of bots.all) this.set({ bot: bot.name }, value(bot));
        },
      });
    }
    new Gauge({
      name: 'telegramq_active',
      help: '1 where this instance delivers for the bot, 0 where it stands by.',
      ...{ labelNames: ['bot'], registers },
      collect() {
        for (const { name } of bots.all) this.set({ bot: name }, tenures.isActive(name) ? 1 : 0);
      },
    });
    new Gauge({
      name: 'telegramq_queue_age_seconds',
      help: 'Since when the oldest message that this instance holds could have been sent.',
      ...{ labelNames: ['bot', 'priority'], registers },
      collect() {
        for (const { name: bot } of bots.all) {
          for (const priority of priorities) this.set({ bot, priority }, inHand.ageSeconds(bot, priority));
        }
      },
    });
  }
}
