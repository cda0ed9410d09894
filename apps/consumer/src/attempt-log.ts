import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Counter, Histogram, Registry } from 'prom-client';
import type { Outcome } from './outcome';
import { dueAt } from './in-hand';
import type { Parcel } from './parcel';

/** Buckets for a call to Telegram, in seconds: the server itself hides waits of up to 8 s, and a time-out is 60 s. */
const durations = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 60];

/** Buckets for a wait, in seconds: from at once to a day. */
const waits = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 86_400];

/** What is seen from outside: one wide log line an attempt, and the metrics, both in the words of the contracts. */
@Injectable()
export class AttemptLog {
  private readonly attempts: Counter<'bot' | 'outcome' | 'reason'>;
  private readonly duration: Histogram<'bot'>;
  private readonly waited: Histogram<'bot' | 'priority'>;
  private readonly retryAfter: Counter<'bot'>;

  constructor(
    private readonly logger: PinoLogger,
    registry: Registry,
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
    this.waited = new Histogram({
      name: 'telegramq_wait_seconds',
      help: 'How long a message that was sent had waited since it could have been.',
      labelNames: ['bot', 'priority'],
      buckets: waits,
      registers,
    });
    this.retryAfter = new Counter({
      name: 'telegramq_retry_after_seconds_total',
      help: 'Waits that Telegram asked for, taken together.',
      labelNames: ['bot'],
      registers,
    });
  }

  /** Times one attempt and tells of it. */
  async attempt({ command, attempts, degradations }: Parcel, call: () => Promise<Outcome>): Promise<Outcome> {
    const { id, bot, chat_id, method, priority, ref } = command;
    const waitedMs = Date.now() - dueAt(command);
    const start = performance.now();
    const outcome = await call();
    const seconds = (performance.now() - start) / 1000;
    const reason = 'reason' in outcome ? outcome.reason : '';
    this.attempts.inc({ bot, outcome: outcome.kind, reason });
    this.duration.observe({ bot }, seconds);
    if (outcome.kind === 'sent') this.waited.observe({ bot, priority }, waitedMs / 1000);
    if (outcome.kind === 'retry') this.retryAfter.inc({ bot }, (outcome.retryAfterMs ?? 0) / 1000);
    const level = outcome.kind === 'sent' ? 'info' : 'warn';
    if (!this.logger.logger.isLevelEnabled(level)) return outcome;
    this.logger[level]({
      ...{ msg: 'attempt', id, bot, chat_id, method, priority, ref, attempt: attempts + 1 },
      ...{ outcome: outcome.kind, duration_ms: Math.round(seconds * 1000), waited_ms: waitedMs },
      ...(degradations.length > 0 && { degradations }),
      ...(outcome.kind !== 'sent' && { reason, error_code: outcome.error_code, description: outcome.description }),
      ...(outcome.kind === 'retry' && { retry_after_ms: outcome.retryAfterMs }),
    });
    return outcome;
  }

  refused(queue: string, description: string): void {
    this.logger.warn({ msg: 'dead-lettered', queue, reason: 'invalid_command', description });
  }
}
