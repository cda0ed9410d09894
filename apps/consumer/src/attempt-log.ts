import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from './outcome';
import { Pacers } from './pace';
import type { Parcel } from './parcel';

/** Buckets for a call to Telegram, in seconds: the server itself hides waits of up to 8 s, and a time-out is 60 s. */
const durations = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 60];

/** What is seen from outside: one wide log line an attempt, and the metrics, both in the words of the contracts. */
@Injectable()
export class AttemptLog {
  private readonly attempts: Counter<'bot' | 'outcome' | 'reason'>;
  private readonly duration: Histogram<'bot'>;

  constructor(
    private readonly logger: PinoLogger,
    registry: Registry,
    pacers: Pacers,
  ) {
    const registers = [registry];
    this.attempts = new Counter({
      name: 'telegramq_attempts_total',
      help: 'Calls to Telegram, by what they led to.',
      labelNames: ['bot', 'outcome', 'reason'],
      registers,
    });
    this.duration = new Histogram({
      name: 'telegramq_attempt_duration_seconds',
      help: 'How long a call to Telegram took.',
      labelNames: ['bot'],
      buckets: durations,
      registers,
    });
    for (const gauge of ['inFlight', 'waiting', 'lanes'] as const) {
      new Gauge({
        ...gauges[gauge],
        labelNames: ['bot'],
        registers,
        collect() {
          for (const [bot, pacer] of pacers.entries()) this.set({ bot }, pacer[gauge]);
        },
      });
    }
  }

  /** Times one attempt and tells of it. */
  async attempt({ command, attempts }: Parcel, call: () => Promise<Outcome>): Promise<Outcome> {
    const { id, bot, chat_id, method, ref, created_at } = command;
    const start = performance.now();
    const outcome = await call();
    const seconds = (performance.now() - start) / 1000;
    const reason = 'reason' in outcome ? outcome.reason : '';
    this.attempts.inc({ bot, outcome: outcome.kind, reason });
    this.duration.observe({ bot }, seconds);
    const level = outcome.kind === 'sent' ? 'info' : 'warn';
    if (!this.logger.logger.isLevelEnabled(level)) return outcome;
    this.logger[level]({
      ...{ msg: 'attempt', id, bot, chat_id, method, ref, attempt: attempts + 1 },
      ...{ outcome: outcome.kind, duration_ms: Math.round(seconds * 1000), age_ms: Date.now() - created_at },
      ...(outcome.kind !== 'sent' && { reason, error_code: outcome.error_code, description: outcome.description }),
      ...(outcome.kind === 'retry' && { retry_after_ms: outcome.retryAfterMs }),
    });
    return outcome;
  }

  refused(queue: string, description: string): void {
    this.logger.warn({ msg: 'dead-lettered', queue, reason: 'invalid_command', description });
  }
}

const gauges = {
  inFlight: { name: 'telegramq_in_flight', help: 'Calls to Telegram under way.' },
  waiting: { name: 'telegramq_waiting', help: 'Messages waiting in memory for their turn.' },
  lanes: { name: 'telegramq_lanes', help: 'Chats that the pacer remembers something of.' },
};
