import { findFileIds, forgetFileIds, LedgerAway, rememberFileIds, type Ledger } from '@app/ledger';

/** Most files of one bot that are remembered in memory. */
const most = 10_000;

/**
 * What Telegram calls the files that a bot has uploaded. Where the ledger is away it is known for as long as the process
 * lives: to upload once more is no harm.
 */
export class KnownFiles {
  private readonly ids = new Map<string, string>();
  private read: Promise<void> | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly bot: string,
  ) {}

  /** Resolves once what earlier processes knew is known here. */
  ready(): Promise<void> {
    return (this.read ??= this.load());
  }

  of(likeness: string): string | undefined {
    return this.ids.get(likeness);
  }

  async remember(found: ReadonlyMap<string, string>): Promise<void> {
    if (found.size === 0) return;
    for (const [likeness, fileId] of found) this.put(likeness, fileId);
    const rows = [...found].map(([likeness, fileId]) => ({ bot: this.bot, likeness, fileId }));
    await rememberFileIds(this.ledger, rows).catch(unlessAway);
  }

  async forget(fileIds: ReadonlySet<string>): Promise<void> {
    for (const [likeness, fileId] of this.ids) if (fileIds.has(fileId)) this.ids.delete(likeness);
    await forgetFileIds(this.ledger, this.bot, [...fileIds]).catch(unlessAway);
  }

  private async load(): Promise<void> {
    try {
      const known = await findFileIds(this.ledger, this.bot, most);
      for (const { likeness, fileId } of known.reverse()) this.put(likeness, fileId);
    } catch (error) {
      unlessAway(error);
      this.read = undefined;
    }
  }

  private put(likeness: string, fileId: string): void {
    this.ids.delete(likeness);
    this.ids.set(likeness, fileId);
    if (this.ids.size > most) this.ids.delete(this.ids.keys().next().value!);
  }
}

function unlessAway(error: unknown): void {
  if (!(error instanceof LedgerAway)) throw error;
}
