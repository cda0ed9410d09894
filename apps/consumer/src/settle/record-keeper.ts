import { isFinal, type MessageStatus, type Reason } from '@app/contracts';
import { fresh, Ledger, LedgerAway, MessageRecord, type Hold, type Seen } from '@app/ledger';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { CONSUMER_SETTINGS, type ConsumerSettings } from '../consumer.settings';
import type { Outcome } from '../outcome';
import { atPart, hasMore, type Parcel } from '../parcel';
import { answerOf } from './answer-of';
import { attemptOf, type Call } from './attempt-of';
import { settlementOf, type Settlement } from './settlement';
import { standingAfter, statusOf } from './standing-after';

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

/** How a message ends that no call is made for. */
export interface Ending {
  status: Extract<MessageStatus, 'failed' | 'expired' | 'cancelled'>;
  reason: Reason;
  description?: string;
}

/** Looks so often whether the broker still leaves the message here, in milliseconds. */
const patienceMs = 1_000;

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
    return this.ask(parcel, () => this.ledger.read(() => Promise.resolve(fresh)), true);
  }

  private async seek(parcel: Parcel): Promise<Standing> {
    const { command, delivery } = parcel;
    const wasSeen = delivery.message.fields.redelivered || delivery.isPulled || command.send_at !== undefined;
    const asks = wasSeen || command.edit_of !== undefined; // What an edit is for, the ledger knows.
    const isNew = !asks && delivery.headers['x-failed-at'] === undefined;
    if (isNew) return this.ledger.available ? fresh : this.back(parcel);
    const question = async (): Promise<Seen> => {
      const seen = await this.record.look(command);
      if (seen.kind !== 'over' || !isMovedBack(delivery.headers, seen.at)) return seen;
      await this.record.reopen(command);
      return this.record.look(command);
    };
    const standing = await this.ask(parcel, question, true);
    if (standing.kind !== 'unanswered') return standing;
    return this.conclude({ ...atPart(parcel, standing), attempts: standing.tries }, standing);
  }

  /** Nobody waits for the answer of that call any more. */
  private async conclude(parcel: Parcel, standing: Unanswered): Promise<Standing> {
    const settlement = settlementOf(unanswered, parcel.command, parcel.attempts, hasMore(parcel));
    const after = await this.answered(
      parcel,
      { at: standing.since, durationMs: 0 },
      { outcome: unanswered, settlement },
    );
    if (settlement.kind === 'go-on')
      return { kind: 'free', tries: 0, parts: after.parts, messageIds: after.messageIds, target: after.target };
    if (settlement.kind !== 'wait') return { kind: 'over', status: 'uncertain', reason: 'no_answer', at: Date.now() };
    return { ...standing, tries: settlement.attempts, notBefore: Date.now() + settlement.forMs };
  }

  /** Puts on record that the call begins now. */
  begin(parcel: Parcel): Promise<Standing> {
    return this.ask(parcel, () => this.record.begin(parcel.whole), false);
  }

  /** Puts the answer on record, before anything else follows from it. @returns the message as it stands then */
  async answered(parcel: Parcel, call: Call, conclusion: Conclusion): Promise<Parcel> {
    const { outcome, settlement, isMended, holds } = conclusion;
    const attempt = attemptOf(call, outcome);
    const status = isMended ? 'retrying' : statusOf(outcome, settlement);
    const after = standingAfter(parcel, outcome, settlement);
    const migratedTo = outcome.kind === 'rejected' ? outcome.migratedTo : undefined;
    const tries = isMended ? parcel.attempts : after.attempts;
    const { whole: command, messageIds, parts, degradations, target } = after;
    const answer = command.exact && isFinal(status) ? answerOf(outcome) : undefined;
    const more = { tries, parts, target, holds, answer, ...(degradations.length > 0 && { degradations }) };
    const answered = { command, attempt, status, messageIds, migratedTo, ...more };
    const producer = await this.note(() => this.record.answered(answered));
    return answer && producer !== undefined ? { ...after, reply: { producer, answer } } : after;
  }

  /** Puts on record that it is given up without a call. */
  async givenUp({ whole: command }: Parcel, { status, reason, description }: Ending): Promise<void> {
    await this.note(() => this.record.became(command, status, reason, description));
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
  private async note<T>(write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.ledger.insist(write, Infinity, this.givingUp.signal);
    } catch (error) {
      if (!(error instanceof LedgerAway)) throw error;
      this.logger.error('The ledger was away to the end: an answer of Telegram is not on record');
      return undefined;
    }
  }
}

/** A dead letter that somebody moved back after that moment asks to be sent again. */
const isMovedBack = (headers: { [name: string]: unknown }, failedAt: number): boolean =>
  Date.parse(String(headers['x-failed-at'])) >= failedAt;
