import { type Call, type ChatId, chatIdOf, type Done, Refusal, textOf } from './call';
import { Chats, type ChatSettings } from './chats';
import { type ArmedFault, type Fault, Faults, type FaultSpec, isProcessed, refusalOf } from './faults';
import { Journal, type JournalEntry, type JournalFilter, type Verdict } from './journal';
import { Limiter, type LimitSpec, WINDOWS } from './limits';
import { Files } from './methods/media';
import { perform } from './methods/method';
import { waitUntil } from './wait';

export type { ChatSettings, FaultSpec, JournalEntry, JournalFilter, LimitSpec };

export interface SandboxOptions {
  /** Default `127.0.0.1`. */
  host?: string;
  /** Default 0: any free one. */
  port?: number;
  /** Default `on`: Telegram's documented limits. */
  limits?: Partial<LimitSpec> | 'on' | 'off';
  /** Tokens that are known; every other is answered with 401. Default: any that looks like a token. */
  tokens?: readonly string[];
  /** Calls that the journal holds. Default 200,000. */
  journalEntries?: number;
}

/** An open port. */
export interface Listening {
  url: string;
  close: () => Promise<void>;
}

/** What the server does with a call: an answer, spoilt by a fault or not. */
export interface Reply {
  outcome?: Done | Refusal;
  fault?: Fault;
}

const METHOD_NOT_FOUND = new Refusal(404, 'Not Found: method not found');

/** The stand-in Bot API: takes calls, remembers what chats would have seen, and misbehaves on request. */
export class Sandbox {
  readonly chats = new Chats();
  readonly faults = new Faults();
  readonly limiter = new Limiter();
  readonly calls: Journal;
  readonly files = new Files();
  private refused = new Set<string>();
  private listening?: Listening;

  constructor(readonly options: SandboxOptions = {}) {
    this.calls = new Journal(options.journalEntries);
    this.limits(options.limits ?? 'on');
  }

  /** Where it listens, e.g. `http://127.0.0.1:8081`; what a client takes as its API root. */
  get url(): string {
    return this.listening?.url ?? '';
  }

  /** Calls that arrived, oldest first. */
  journal(filter?: JournalFilter): JournalEntry[] {
    return this.calls.query(filter);
  }

  /** Calls that took effect, whether or not the client learned it: what chats have seen. */
  accepted(filter?: Omit<JournalFilter, 'verdict'>): JournalEntry[] {
    return this.calls.query({ ...filter, verdict: ['accepted', 'lost'] });
  }

  fault(spec: FaultSpec): ArmedFault {
    return this.faults.add(spec);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  /** Changes the named limits, e.g. `{ private: '5/1s' }`; `on`: the documented ones; `off`: none. */
  limits(spec: Partial<LimitSpec> | 'on' | 'off'): void {
    if (spec === 'on') this.limiter.restore();
    else this.limiter.set(spec === 'off' ? Object.fromEntries(WINDOWS.map((name) => [name, 'off'])) : spec);
  }

  /** Sets a chat up, e.g. `chat(42, { state: 'blocked' })` or, for short, `chat(42, 'blocked')`. */
  chat(id: ChatId, settings: ChatSettings | NonNullable<ChatSettings['state']>): void {
    const chat = this.chats.configure(id, typeof settings === 'string' ? { state: settings } : settings);
    if (!chat) throw new RangeError(`no chat can have the id ${id}`);
  }

  /** Methods to answer with 404, as a server does that is older than they are. Replaces the earlier list. */
  refuseMethods(names: readonly string[]): void {
    this.refused = new Set(names.map((name) => name.toLowerCase()));
  }

  refusedMethods(): string[] {
    return [...this.refused];
  }

  /** @returns A function that ends the subscription. */
  onCall(listener: (entry: JournalEntry) => void): () => void {
    return this.calls.subscribe(listener);
  }

  /**
   * Waits until so many calls were accepted, or until a question about the whole journal is answered with yes.
   * @returns The accepted calls.
   * @throws After `timeoutMs`, saying what has arrived by then.
   */
  waitFor(until: number | ((journal: JournalEntry[]) => boolean), timeoutMs = 5000): Promise<JournalEntry[]> {
    const isDone = () => (typeof until === 'number' ? this.acceptedCount() >= until : until(this.journal()));
    return waitUntil(this.calls, isDone, timeoutMs).then(() => this.accepted());
  }

  /** Forgets calls, chats, faults and refused methods; limits go back to what it was started with. */
  reset(): void {
    this.calls.clear();
    this.chats.clear();
    this.faults.clear();
    this.files.clear();
    this.limiter.clear();
    this.refused.clear();
    this.limiter.restore();
    this.limits(this.options.limits ?? 'on');
  }

  /** Closes the port and every connection, also those that hang on purpose. */
  async stop(): Promise<void> {
    await this.listening?.close();
  }

  /** Where it can be reached from now on. */
  opened(listening: Listening): void {
    this.listening = listening;
  }

  /** Whether a bot with this token exists. */
  knows(token: string): boolean {
    return this.options.tokens === undefined || this.options.tokens.includes(token);
  }

  /**
   * Takes one call that arrived.
   * @param bytes Size of its parameters.
   * @param refusal Why it was refused before anyone looked at the method.
   */
  take(call: Call, bytes: number, refusal?: Refusal): Reply {
    const fault = refusal ? undefined : this.faults.strike(call);
    const planned = fault?.kind === 'code' ? refusalOf(fault) : undefined;
    const outcome = refusal ?? (fault && !isProcessed(fault) ? planned : this.perform(call));
    const error = outcome instanceof Refusal ? outcome : planned;
    const message_ids = outcome && !(outcome instanceof Refusal) ? outcome.message_ids : [];
    const chat_id = chatIdOf(call.params.chat_id) ?? null;
    const verdict = verdictOf(outcome, fault);
    const { seq } = this.calls.add({ ...call, chat_id, verdict, ...(error ? { error } : {}), message_ids }, bytes);
    if (verdict === 'refused' && error && !refusal) this.showRefusal(seq, call, error);
    return { outcome: planned ?? outcome, fault };
  }

  private perform(call: Call): Done | Refusal {
    if (this.refused.has(call.method.toLowerCase())) return METHOD_NOT_FOUND;
    return perform({ chats: this.chats, limits: this.limiter, files: this.files }, call);
  }

  private acceptedCount(): number {
    const { accepted, lost } = this.calls.count();
    return accepted + lost;
  }

  private showRefusal(seq: number, { at, method, params }: Call, { error_code, description }: Refusal): void {
    const chat = this.chats.open(chatIdOf(params.chat_id) ?? 0);
    if (!chat) return;
    const excerpt = textOf(params.text ?? params.caption).slice(0, 200);
    this.chats.record(chat, {
      kind: 'refused',
      seq,
      method,
      date: Math.floor(at / 1000),
      error_code,
      description,
      excerpt,
    });
  }
}

function verdictOf(outcome: Done | Refusal | undefined, fault: Fault | undefined): Verdict {
  if (outcome === undefined) return 'unprocessed';
  if (outcome instanceof Refusal) return 'refused';
  return fault && fault.kind !== 'slow' ? 'lost' : 'accepted';
}
