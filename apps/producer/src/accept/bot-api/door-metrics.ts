import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/**
 * How a request to the door ended.
 *
 * - `result`, `refusal`: Telegram’s answer to a call that was queued.
 * - `later`: the client is to ask again.
 * - `queued`: the call was queued, and nobody waits for its answer (BOT_API_WAIT=0).
 * - `passed`: it went straight on to Telegram, whatever that said.
 * - `refused`: the token is wrong, there is nothing at the address, or the body cannot be taken.
 */
export type DoorEnd = 'result' | 'refusal' | 'later' | 'queued' | 'passed' | 'refused';

/** What is seen of the door from outside. */
@Injectable()
export class DoorMetrics {
  private readonly answers: Counter<'kind'>;

  constructor(private readonly registry: Registry) {
    this.answers = new Counter({
      name: 'telegramq_bot_api_answers_total',
      help: 'Answers of the Bot API door: result, refusal, later, queued, passed, refused.',
      labelNames: ['kind'],
      registers: [registry],
    });
  }

  count(kind: DoorEnd): void {
    this.answers.inc({ kind });
  }

  /** @param waiting How many clients wait for an answer now. */
  watch(waiting: () => number): void {
    new Gauge({
      name: 'telegramq_bot_api_waiting',
      help: 'Clients of the Bot API door that wait for Telegram’s answer.',
      registers: [this.registry],
      collect() {
        this.set(waiting());
      },
    });
  }
}
