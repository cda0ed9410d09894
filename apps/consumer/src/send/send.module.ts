import { type DynamicModule, Module } from '@nestjs/common';
import { getBotToken, TELEGRAF_ALL_BOTS, TelegrafModule } from 'nestjs-telegraf';
import type { Telegraf } from 'telegraf';
import { type ConnectedBot, Sender } from './sender';
import { callThrough } from './telegraf-call';
import { BotApiTransport } from '@app/bot-api';

export interface Bot {
  name: string;
  token: string;
}

/**
 * Builds the bots with nestjs-telegraf and puts our transport below them. Nothing is called at boot, so Telegram may be
 * away then: `launchOptions: false`, because nestjs-telegraf does not await `launch` and its failure ends the process.
 */
@Module({})
export class SendModule {
  static register(bots: readonly Bot[], apiRoot: string): DynamicModule {
    return {
      module: SendModule,
      imports: bots.map(({ name, token }) =>
        TelegrafModule.forRootAsync({ botName: name, useFactory: () => ({ token, launchOptions: false }) }),
      ),
      providers: [
        {
          provide: Sender,
          // Without a bot there is no such map either.
          inject: [{ token: TELEGRAF_ALL_BOTS, optional: true }, ...bots.map(({ name }) => getBotToken(name))],
          useFactory: (allBots: Map<string, Telegraf>, ...telegrafs: Telegraf[]) =>
            new Sender(
              new Map(
                bots.map(({ name, token }, at) => {
                  const bot = { telegraf: telegrafs[at]!, transport: new BotApiTransport({ apiRoot, token }) };
                  connect(bot);
                  guardStop(bot.telegraf, allBots);
                  return [name, bot];
                }),
              ),
            ),
        },
      ],
      exports: [Sender],
    };
  }
}

/** Telegraf makes a new `Telegram` for every update, so the one of each context is put on our transport, too. */
function connect({ telegraf, transport }: ConnectedBot): void {
  callThrough(telegraf.telegram, transport);
  telegraf.use((context, next) => {
    callThrough(context.telegram, transport);
    return next();
  });
}

/**
 * nestjs-telegraf stops every bot on shutdown, and telegraf throws for one that was never launched, which would reject
 * `app.close()`. It also keeps all bots of the process in one map and never takes one out.
 */
function guardStop(telegraf: Telegraf, allBots: Map<string, Telegraf>): void {
  const stop = telegraf.stop.bind(telegraf);
  telegraf.stop = (why) => {
    for (const [key, bot] of allBots) if (bot === telegraf) allBots.delete(key);
    try {
      stop(why);
    } catch (error) {
      if (!(error instanceof Error && error.message === 'Bot is not running!')) throw error;
    }
  };
}
