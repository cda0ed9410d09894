import type { Reason } from '@app/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../outcome';

/** So many calls in a row that Telegram could not answer mean that it cannot answer any. */
const failuresInRow = 5;
/** Pauses between probes, in milliseconds; the last one for good. */
const probePausesMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Outcomes that tell of Telegram and not of the message; after those that are `true`, one is enough. */
const troubles: Partial<Record<Reason, boolean>> = {
  network_unreachable: true,
  bot_unauthorized: true,
  telegram_unavailable: false,
  no_answer: false,
};

export interface CircuitActions {
  /** Calls a method that changes nothing. */
  probe: () => Promise<Outcome>;
  /** Nothing may be sent from now on. */
  onOpen: (reason: Reason) => void;
  onClose: () => void;
}

/** Notices that Telegram as a whole cannot be reached, so that messages neither try nor use up attempts until it can be. */
export class Circuit {
  private failures = 0;
  private isOpen = false;
  private readonly closing = new AbortController();

  constructor(private readonly actions: CircuitActions) {}

  /** Hears what a call led to. */
  hear(outcome: Outcome): void {
    const trouble = troubleOf(outcome);
    this.failures = trouble === undefined ? 0 : this.failures + 1;
    if (this.isOpen || trouble === undefined) return;
    if (!troubles[trouble] && this.failures < failuresInRow) return;
    this.isOpen = true;
    this.actions.onOpen(trouble);
    void this.probeUntilClosed();
  }

  stop(): void {
    this.closing.abort();
  }

  private async probeUntilClosed(): Promise<void> {
    for (let probes = 0; !this.closing.signal.aborted; probes++) {
      const pauseMs = probePausesMs[Math.min(probes, probePausesMs.length - 1)];
      await pause(pauseMs, undefined, this.closing).catch(() => undefined);
      if (this.closing.signal.aborted || troubleOf(await this.actions.probe()) !== undefined) continue;
      this.failures = 0;
      this.isOpen = false;
      return this.actions.onClose();
    }
  }
}

function troubleOf(outcome: Outcome): Reason | undefined {
  if (outcome.kind === 'sent' || outcome.kind === 'rejected') return undefined;
  return outcome.reason in troubles ? outcome.reason : undefined;
}
