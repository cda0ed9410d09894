import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import type { Telegraf } from 'telegraf';
import type { Outcome } from '../outcome';
import { outcomeOf } from './outcome-of';
import type { BotApiTransport, CallOptions } from '@app/bot-api';

/** A bot of telegraf's and the transport that its calls go through. */
export interface ConnectedBot {
  telegraf: Telegraf;
  transport: BotApiTransport;
}

/** Sends for all configured bots: one call is one attempt. */
export class Sender implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #bots: ReadonlyMap<string, ConnectedBot>;

  constructor(bots: ReadonlyMap<string, ConnectedBot>) {
    this.#bots = bots;
  }

  /** Names of the configured bots. */
  get bots(): string[] {
    return [...this.#bots.keys()];
  }

  /** Calls one method of the Bot API once. @throws Error where no bot has that name, which the caller had to check. */
  async send(bot: string, method: string, payload: Record<string, unknown>, options?: CallOptions): Promise<Outcome> {
    const connected = this.#bots.get(bot);
    if (!connected) throw new Error(`no bot is named ${JSON.stringify(bot)}`);
    const answer = await connected.transport.call(method, payload, options);
    const outcome = outcomeOf(answer, method);
    if (answer.kind !== 'refused') return outcome;
    const { error_code, description, parameters } = answer;
    const said = { error_code, description, ...(parameters && { parameters: { ...parameters } }) };
    return { ...outcome, said };
  }

  /** Ends long polls, or closing the transports would wait for them; the last one may confirm its updates meanwhile. */
  beforeApplicationShutdown(): void {
    for (const { telegraf } of this.#bots.values()) telegraf.stop();
  }

  /** Lets calls in flight finish for up to 8 s and then ends them as `no_answer`; no further call reaches Telegram. */
  async stop(): Promise<void> {
    await Promise.all([...this.#bots.values()].map(({ transport }) => transport.close()));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}
