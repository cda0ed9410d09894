import { type Call, type ChatId, chatIdOf, type Refusal } from './call';

/**
 * `accepted`: done and answered. `lost`: done, but the answer never reached the client whole. `refused`: Telegram said
 * no. `unprocessed`: nothing was done and no Bot API answer was given.
 */
export const VERDICTS = ['accepted', 'refused', 'lost', 'unprocessed'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface JournalEntry extends Call {
  /** 1, 2, 3 … since the start or the last reset; a gap means that entries were evicted. */
  seq: number;
  chat_id: ChatId | null;
  verdict: Verdict;
  error?: Refusal;
  message_ids: number[];
}

export interface JournalFilter {
  chat_id?: ChatId;
  /** Compared without case. */
  method?: string;
  verdict?: Verdict | readonly Verdict[];
  bot?: string;
  /** Only entries with a larger `seq`. */
  since?: number;
  /** At most so many, the oldest first. */
  limit?: number;
}

export type JournalCount = Record<Verdict | 'total' | 'too_many_requests', number>;

const emptyCount = (): JournalCount => ({
  total: 0,
  accepted: 0,
  refused: 0,
  lost: 0,
  unprocessed: 0,
  too_many_requests: 0,
});

function tally(count: JournalCount, entry: JournalEntry): void {
  count.total += 1;
  count[entry.verdict] += 1;
  if (entry.error?.error_code === 429) count.too_many_requests += 1;
}

/** Every call that arrived, in the order of processing; a ring bounded in entries and in bytes of parameters. */
export class Journal {
  private ring: ({ entry: JournalEntry; bytes: number } | undefined)[] = [];
  private oldest = 1;
  private next = 1;
  private bytes = 0;
  private totals = emptyCount();
  private readonly listeners = new Set<(entry: JournalEntry) => void>();

  constructor(
    private readonly maxEntries = 200_000,
    private readonly maxBytes = 256 * 1024 * 1024,
  ) {}

  /** @param bytes Size of the request body, what the entry roughly weighs in memory. */
  add(draft: Omit<JournalEntry, 'seq'>, bytes: number): JournalEntry {
    const entry: JournalEntry = { seq: this.next, ...draft };
    if (this.next - this.oldest >= this.maxEntries) this.evict();
    this.ring[this.next % this.maxEntries] = { entry, bytes };
    this.next += 1;
    this.bytes += bytes;
    while (this.bytes > this.maxBytes && this.next - this.oldest > 1) this.evict();
    tally(this.totals, entry);
    for (const listener of this.listeners) listener(entry);
    return entry;
  }

  query(filter: JournalFilter = {}): JournalEntry[] {
    const found: JournalEntry[] = [];
    const limit = filter.limit ?? Infinity;
    for (const entry of this.matching(filter)) {
      if (found.length >= limit) break;
      found.push(entry);
    }
    return found;
  }

  /** Without a filter: totals since the last reset, at no cost. With one: counts what is still held. */
  count(filter: JournalFilter = {}): JournalCount {
    if (Object.values(filter).every((value) => value === undefined)) return { ...this.totals };
    const count = emptyCount();
    for (const entry of this.matching(filter)) tally(count, entry);
    return count;
  }

  /** @returns A function that ends the subscription. */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  clear(): void {
    this.ring = [];
    this.oldest = this.next = 1;
    this.bytes = 0;
    this.totals = emptyCount();
  }

  private evict(): void {
    const slot = this.oldest % this.maxEntries;
    this.bytes -= this.ring[slot]?.bytes ?? 0;
    this.ring[slot] = undefined;
    this.oldest += 1;
  }

  private *matching(filter: JournalFilter): Generator<JournalEntry> {
    const method = filter.method?.toLowerCase();
    const chat = chatIdOf(filter.chat_id);
    const verdicts = typeof filter.verdict === 'string' ? [filter.verdict] : filter.verdict;
    for (let seq = Math.max(this.oldest, (filter.since ?? 0) + 1); seq < this.next; seq += 1) {
      const entry = this.ring[seq % this.maxEntries]?.entry;
      if (!entry) continue;
      if (chat !== undefined && entry.chat_id !== chat) continue;
      if (method !== undefined && entry.method.toLowerCase() !== method) continue;
      if (verdicts && !verdicts.includes(entry.verdict)) continue;
      if (filter.bot !== undefined && entry.bot !== filter.bot) continue;
      yield entry;
    }
  }
}
