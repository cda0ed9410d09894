import type { MessageStatus, Reason } from '@app/contracts';
import { Ledger, LedgerAway, MessageRecord, type Hold, type Seen } from '@app/ledger';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import type { Outcome } from '../outcome';
import type { Parcel } from '../parcel';
import { settlementOf, type Settlement } from './settlement';

/**
 * What the ledger knows, or that it could not be asked. After a call without an answer that is to be repeated, the message
 * must not be sent before that time.
 */
export type Standing = Exclude<Seen, { kind: 'unanswered' }> | Unanswered | { kind: 'away' };

type Unanswered = Extract<Seen, { kind: 'unanswered' }> & { notBefore: number };

/** A call that a process began that is gone. */
export const unanswered: Outcome = {
  kind: 'uncertain',
  reason: 'no_answer',
  description: 'the process ended before it',
};

/** What follows from a call for the record. */
export interface Conclusion {
  outcome: Outcome;
  settlement: Settlement;
  /** Whether it is tried again with a change. */
  isMended?: boolean;
  holds?: readonly Hold[];
}

/** When a call began, as Unix milliseconds, and how long it took. */
export interface Call {
  at: number;
  durationMs: number;
}

/** Looks so often whether the broker still leaves the message here, in milliseconds. */
const patienceMs = 1_000;
const free = { kind: 'free', tries: 0 } as const;

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
   * the order of the questions, so that no message passes another of its chat here. `away` when the process stops, or the
   * broker takes the message back.
   */
  look(parcel: Parcel): Promise<Standing> {
    const standing = this.lastLook.then(() => this.seek(parcel));
    this.lastLook = standing.catch(() => undefined);
    return standing;
  }

  /** Waits for a ledger that is away. */
  back(parcel: Parcel): Promise<Standing> {
    return this.ask(parcel, () => this.ledger.read(() => Promise.resolve(free)), true);
  }

  private async seek(parcel: Parcel): Promise<Standing> {
    const { command, delivery } = parcel;
    const wasSeen = delivery.message.fields.redelivered || delivery.isPulled || command.send_at !== undefined;
    const isNew = !wasSeen && delivery.headers['x-failed-at'] === undefined;
    if (isNew) return this.ledger.available ? free : this.back(parcel);
    const question = async (): Promise<Seen> => {
      const seen = await this.record.look(command.id);
      if (seen.kind !== 'over' || !isMovedBack(delivery.headers, seen.at)) return seen;
      await this.record.reopen(command);
      return free;
    };
    const standing = await this.ask(parcel, question, true);
    return standing.kind === 'unanswered' ? this.conclude({ ...parcel, attempts: standing.tries }, standing) : standing;
  }

  /** Nobody waits for the answer of that call any more. */
  private async conclude(parcel: Parcel, standing: Unanswered): Promise<Standing> {
    const settlement = settlementOf(unanswered, parcel.command, parcel.attempts);
    await this.answered(parcel, { at: standing.since, durationMs: 0 }, { outcome: unanswered, settlement });
    if (settlement.kind !== 'wait') return { kind: 'over', status: 'uncertain', reason: 'no_answer', at: Date.now() };
    return { ...standing, tries: settlement.attempts, notBefore: Date.now() + settlement.forMs };
  }

  /** Puts on record that the call begins now. */
  begin(parcel: Parcel): Promise<Standing> {
    return this.ask(parcel, () => this.record.begin(parcel.command), false);
  }

  /** Puts the answer on record, before anything else follows from it. */
  async answered({ command, degradations, attempts }: Parcel, call: Call, conclusion: Conclusion): Promise<void> {
    const { outcome, settlement, isMended, holds } = conclusion;
    const told = outcome.kind === 'sent' ? undefined : outcome;
    const retryAfterMs = outcome.kind === 'retry' ? outcome.retryAfterMs : undefined;
    const attempt = {
      ...{ at: call.at, duration_ms: Math.round(call.durationMs), outcome: outcome.kind, reason: told?.reason ?? null },
      ...{ error_code: told?.error_code ?? null, description: told?.description ?? null },
      retry_after: retryAfterMs === undefined ? null : Math.ceil(retryAfterMs / 1000),
    };
    const status = isMended ? 'retrying' : statusOf(outcome, settlement);
    const messageIds = outcome.kind === 'sent' ? messageIdsOf(outcome.result) : undefined;
    const migratedTo = outcome.kind === 'rejected' ? outcome.migratedTo : undefined;
    const tries = settlement.kind === 'acknowledge' || isMended ? attempts : settlement.attempts;
    const more = { tries, holds, ...(degradations.length > 0 && { degradations }) };
    await this.note(() => this.record.answered({ command, attempt, status, messageIds, migratedTo, ...more }));
  }

  /** Puts on record that it is given up without a call. */
  async givenUp({ command }: Parcel, status: 'failed' | 'expired', reason: Reason): Promise<void> {
    await this.note(() => this.record.became(command, status, reason));
  }

  private async ask({ delivery }: Parcel, question: () => Promise<Seen>, isPatient: boolean): Promise<Standing> {
    for (;;) {
      try {
        const seen = await this.ledger.insist(question, isPatient ? patienceMs : 0, this.stopping.signal);
        return seen.kind === 'unanswered' ? { ...seen, notBefore: 0 } : seen;
      } catch (error) {
        if (!(error instanceof LedgerAway)) throw error;
        if (!isPatient || !delivery.isLive || this.stopping.signal.aborted) return { kind: 'away' };
      }
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
