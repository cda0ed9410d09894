import type { Reason } from '@app/contracts';
import { factsSince, Ledger, LedgerAway, suppressing } from '@app/ledger';
import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../outcome';

/** How often it looks for what others have changed, in milliseconds. */
const lookMs = 1_000;
/** Clocks of several hosts differ by less, in milliseconds. */
const clocksMs = 5_000;

/** What is known of chats that changes how messages to them are delivered; a copy of the ledger's in memory. */
@Injectable()
export class ChatBook {
  private readonly migrated = new Map<string, string>();
  private readonly suppressedBy = new Map<string, Reason>();
  private readAt = 0;
  private reading: Promise<void> | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly ledger: Ledger) {}

  /** The id that the chat has now: groups become supergroups with another one. */
  chatNow(bot: string, chat: string): string {
    for (let [id, hops] = [chat, 0]; ; hops++) {
      const next = this.migrated.get(keyOf(bot, id));
      if (next === undefined || hops > 10) return id;
      id = next;
    }
  }

  /** Why nothing is sent to the chat, if so. */
  suppressed(bot: string, chat: string): Reason | undefined {
    return this.suppressedBy.get(keyOf(bot, chat));
  }

  /** Draws from an outcome what it tells of the chat. */
  hear(bot: string, chat: string, outcome: Outcome): void {
    if (outcome.kind === 'sent') this.noteSuppression(bot, chat, undefined);
    if (outcome.kind !== 'rejected') return;
    if (outcome.migratedTo !== undefined) this.noteMigration(bot, chat, outcome.migratedTo);
    if (suppressing.has(outcome.reason)) this.noteSuppression(bot, chat, outcome.reason);
  }

  private noteMigration(bot: string, from: string, to: string): void {
    this.migrated.set(keyOf(bot, from), to);
  }

  private noteSuppression(bot: string, chat: string, reason: Reason | undefined): void {
    if (reason) this.suppressedBy.set(keyOf(bot, chat), reason);
    else this.suppressedBy.delete(keyOf(bot, chat));
  }

  /** Reads all of it, and from then on what changes. @throws LedgerAway */
  async open(): Promise<void> {
    if (this.reading) return;
    await this.read();
    this.reading = this.follow();
  }

  stop(): void {
    this.closing.abort();
  }

  private async follow(): Promise<void> {
    for (;;) {
      await pause(lookMs, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
      if (this.closing.signal.aborted) return;
      await this.read().catch((error: unknown) => {
        if (!(error instanceof LedgerAway)) throw error; // It will be back.
      });
    }
  }

  private async read(): Promise<void> {
    for (const { bot, chat, migratedTo, suppressed, updatedAt } of await factsSince(this.ledger, this.readAt)) {
      if (migratedTo !== null) this.noteMigration(bot, chat, migratedTo);
      this.noteSuppression(bot, chat, suppressed ?? undefined);
      this.readAt = Math.max(this.readAt, updatedAt - clocksMs);
    }
  }
}

const keyOf = (bot: string, chat: string): string => `${bot}/${chat}`;
