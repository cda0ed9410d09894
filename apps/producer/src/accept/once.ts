import type { ProblemCode, SendMessage } from '@app/contracts';
import { IdempotencyKeys, Ledger, LedgerAway, type Claim, type Claimed } from '@app/ledger';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Taken } from './taken';

/** Puts commands on the broker. */
type Enqueue = (commands: SendMessage[]) => Promise<ProblemCode | undefined>;

/** Longest wait for another process that takes the same request in, and pause between two looks, in milliseconds. */
const patienceMs = 3_000;
const lookMs = 50;

/** Takes a request once, however often it comes under one key: by any door and any producer. */
@Injectable()
export class Once {
  private readonly keys: IdempotencyKeys;
  /** Requests that this process takes in right now. */
  private readonly underWay = new Map<string, { fingerprint: string; taken: Promise<Taken> }>();

  constructor(ledger: Ledger) {
    this.keys = new IdempotencyKeys(ledger);
  }

  /** @param body What the key stands for; a key with another body is a mistake of the caller's. */
  async take(scope: string, key: string, body: unknown, commands: SendMessage[], enqueue: Enqueue): Promise<Taken> {
    const claim = { scope, key, fingerprint: fingerprintOf(body), commands };
    const name = `${scope} ${key}`;
    const first = this.underWay.get(name);
    if (first) {
      if (first.fingerprint !== claim.fingerprint) return { problem: 'idempotency_key_reused' };
      const taken = await first.taken;
      return 'problem' in taken ? taken : { ...taken, replayed: true };
    }
    const taken = this.run(claim, enqueue).finally(() => this.underWay.delete(name));
    this.underWay.set(name, { fingerprint: claim.fingerprint, taken });
    return taken;
  }

  private async run(claim: Claim, enqueue: Enqueue): Promise<Taken> {
    try {
      const claimed = await this.claimed(claim);
      if (claimed.kind === 'other-body') return { problem: 'idempotency_key_reused' };
      if (claimed.kind === 'busy') return { problem: 'idempotency_in_flight' };
      if (claimed.kind === 'done') return { commands: claimed.commands, replayed: true };
      const problem = await enqueue(claimed.commands);
      // A ledger that is away just now leaves the key to be claimed anew, with the same ids.
      await this.keys.finish(claim, problem ? 'open' : 'done').catch(unlessAway);
      return problem ? { problem } : { commands: claimed.commands, replayed: false };
    } catch (error) {
      unlessAway(error);
      return { problem: 'ledger_unavailable' };
    }
  }

  /** Waits a while for another process that is at it. */
  private async claimed(claim: Claim): Promise<Claimed> {
    for (const start = performance.now(); ; await pause(lookMs)) {
      const claimed = await this.keys.claim(claim);
      if (claimed.kind !== 'busy' || performance.now() - start > patienceMs) return claimed;
    }
  }
}

function unlessAway(error: unknown): void {
  if (!(error instanceof LedgerAway)) throw error;
}

/** The same for the same JSON, in whatever order its fields stand. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256').update(JSON.stringify(body, sortFields)).digest('hex');

const sortFields = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
