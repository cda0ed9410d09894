import type { OnApplicationShutdown } from '@nestjs/common';
import type { Outcome } from '../outcome';
import { outcomeOf } from './outcome-of';
import type { BotApiTransport, CallOptions } from './transport';

/** Sends for all configured bots: one call is one attempt. */
export class Sender implements OnApplicationShutdown {
  readonly #transports: ReadonlyMap<string, BotApiTransport>;

  constructor(transports: ReadonlyMap<string, BotApiTransport>) {
    this.#transports = transports;
  }

  /** Names of the configured bots. */
  get bots(): string[] {
    return [...this.#transports.keys()];
  }

  /** Calls one method of the Bot API once. @throws Error where no bot has that name, which the caller had to check. */
  async send(bot: string, method: string, payload: Record<string, unknown>, options?: CallOptions): Promise<Outcome> {
    const transport = this.#transports.get(bot);
    if (!transport) throw new Error(`no bot is named ${JSON.stringify(bot)}`);
    return outcomeOf(await transport.call(method, payload, options));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
  }
}
