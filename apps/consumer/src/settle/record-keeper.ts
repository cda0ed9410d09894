import { Ledger, LedgerAway, MessageRecord, type Seen } from '@app/ledger';
import type { MessageStatus } from '@app/contracts';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import type { Outcome } from '../outcome';
import type { Parcel } from '../parcel';
import type { Settlement } from './settlement';

/** What the ledger knows, or that it could not be asked in time. */
export type Standing = Seen | { kind: 'away' };

/** When a call began, as Unix milliseconds, and how long it took. */
export interface Call {
  at: number;
  durationMs: number;
}

/** Longest wait in memory for a ledger that is away, in milliseconds: a third of RabbitMQ's patience with a consumer. */
const longestWaitMs = 600_000;
/** How long an answer is kept for a ledger that is away while the process stops, in milliseconds. */
const stopMs = 5_000;

/** Keeps the record of each message while it is delivered: what is not on record is not sent. */
@Injectable()
export class RecordKeeper {
  private readonly logger = new Logger(RecordKeeper.name);
  private readonly record: MessageRecord;
  private readonly stopping = new AbortController();
  private readonly givingUp = new AbortController();
  private lastLook: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    @Inject(CONSUMER_SETTINGS) { ledgerBodies }: ConsumerSettings,
  ) {
    this.record = new MessageRecord(ledger, ledgerBodies);
    setMaxListeners(0, this.stopping.signal, this.givingUp.signal); // One for each message that waits.
  }

  /** No message waits for the ledger any more; answers of calls under way do for some seconds. */
  stop(): void {
    this.stopping.abort();
    setTimeout(() => this.givingUp.abort(), stopMs).unref();
  }

  /**
   * Waits until the ledger takes writes; asks it about messages that may have been in somebody's hand before. Answers in
   * the order of the questions, so that no message passes another of its chat here.
   */
  look(parcel: Parcel): Promise<Standing> {
    const until = performance.now() + longestWaitMs;
    const standing = this.lastLook.then(() => this.seek(parcel, until - performance.now()));
    this.lastLook = standing.catch(() => undefined);
    return standing;
  }

  /** Waits for a ledger that is away. */
  back(forMs = longestWaitMs): Promise<Standing> {
    return this.ask(() => this.ledger.read(() => Promise.resolve({ kind: 'free' })), forMs);
  }

  private async seek({ command, delivery }: Parcel, forMs: number): Promise<Standing> {
    const isNew = !delivery.message.fields.redelivered && delivery.headers['x-failed-at'] === undefined;
    if (isNew) return this.ledger.available ? { kind: 'free' } : this.back(forMs);
    return this.ask(async () => {
      const seen = await this.record.look(command.id);
      if (seen.kind !== 'over' || !isMovedBack(delivery.headers, seen.at)) return seen;
      await this.record.reopen(command);
      return { kind: 'free' };
    }, forMs);
  }

  /** Puts on record that the call begins now. */
  begin({ command }: Parcel): Promise<Standing> {
    return this.ask(() => this.record.begin(command), 0);
  }

  /** Puts the answer on record, before anything else follows from it. */
  async answered({ command }: Parcel, { at, durationMs }: Call, outcome: Outcome, settled: Settlement): Promise<void> {
    const told = outcome.kind === 'sent' ? undefined : outcome;
    const retryAfterMs = outcome.kind === 'retry' ? outcome.retryAfterMs : undefined;
    const attempt = {
      ...{ at, duration_ms: Math.round(durationMs), outcome: outcome.kind, reason: told?.reason ?? null },
      ...{ error_code: told?.error_code ?? null, description: told?.description ?? null },
      retry_after: retryAfterMs === undefined ? null : Math.ceil(retryAfterMs / 1000),
    };
    const status = statusOf(outcome, settled);
    const messageIds = outcome.kind === 'sent' ? messageIdsOf(outcome.result) : undefined;
    const migratedTo = outcome.kind === 'rejected' ? outcome.migratedTo : undefined;
    await this.note(() => this.record.answered({ command, attempt, status, messageIds, migratedTo }));
  }

  async expired({ command }: Parcel): Promise<void> {
    await this.note(() => this.record.became(command, 'expired', 'expired'));
  }

  private async ask(question: () => Promise<Seen>, forMs: number): Promise<Standing> {
    try {
      return await this.ledger.insist(question, forMs, this.stopping.signal);
    } catch (error) {
      if (error instanceof LedgerAway) return { kind: 'away' };
      throw error;
    }
  }

  /** What is known stays known: it waits for the ledger, unless the process stops, and then settles without. */
  private async note(write: () => Promise<void>): Promise<void> {
    try {
      await this.ledger.insist(write, Infinity, this.givingUp.signal);
    } catch (error) {
      if (!(error instanceof LedgerAway)) throw error;
      this.logger.error('The ledger was away to the end: an answer of Telegram is not on record');
    }
  }
}

/** A dead letter that somebody moved back after that moment asks to be sent again. */
const isMovedBack = (headers: { [name: string]: unknown }, failedAt: number): boolean =>
  Date.parse(String(headers['x-failed-at'])) >= failedAt;

function statusOf(outcome: Outcome, settled: Settlement): MessageStatus {
  if (settled.kind === 'acknowledge') return 'sent';
  if (settled.kind === 'wait') return 'retrying';
  return outcome.kind === 'uncertain' ? 'uncertain' : 'failed';
}

/** Ids of the messages in a result: one message, an album of them, or ids alone; other methods answer without. */
function messageIdsOf(result: unknown): number[] | undefined {
  const all: unknown[] = Array.isArray(result) ? result : [result];
  const ids = all.map((one) => Object(one) as { message_id?: unknown }).map(({ message_id }) => message_id);
  const numbers = ids.filter((id): id is number => typeof id === 'number');
  return numbers.length > 0 ? numbers : undefined;
}
