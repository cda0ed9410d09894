import { type Call, type ChatId, chatIdOf, Refusal, textOf } from './call';

/** Which calls a fault hits; every part that is given must fit. */
export interface FaultMatch {
  /** Compared without case. */
  method?: string;
  chat_id?: ChatId;
  /** A piece of the text or caption. */
  text?: string;
  /** Digits of the bot's token. */
  bot?: string;
}

/**
 * What goes wrong. `processed` says whether the call takes effect all the same, and so whether the chat sees the message
 * though its sender does not learn it: "processed but the response was lost".
 */
export type Fault =
  /** Any Bot API error. */
  | {
      kind: 'code';
      error_code: number;
      description?: string;
      retry_after?: number;
      migrate_to_chat_id?: number;
      processed?: boolean;
    }
  /** Never answers. */
  | { kind: 'hang'; processed?: boolean }
  /** Resets the connection (TCP RST) instead of answering. */
  | { kind: 'reset'; processed?: boolean }
  /** Processed (unless told otherwise); a 200 whose body stops half way. */
  | { kind: 'cut'; processed?: boolean }
  /** Processed at once, answered after so many milliseconds. */
  | { kind: 'slow'; ms: number }
  /** An answer that no Bot API server makes: a proxy's 502, a captive portal's 200. */
  | { kind: 'html'; status?: number; body?: string; processed?: boolean }
  /** A 200 without a body. */
  | { kind: 'empty'; processed?: boolean };

export const FAULT_KINDS = [
  'code',
  'hang',
  'reset',
  'cut',
  'slow',
  'html',
  'empty',
] as const satisfies readonly Fault['kind'][];

export interface FaultSpec {
  match?: FaultMatch;
  /** How many calls it hits; `null`: until it is removed. Default 1. */
  times?: number | null;
  /** Lets the first n matching calls pass. Default 0. */
  after?: number;
  fault: Fault;
}

/** A fault in place. */
export interface ArmedFault extends FaultSpec {
  id: number;
  /** Calls hit so far. */
  hits: number;
  /** Matching calls that still pass first. */
  skips: number;
}

const DESCRIPTIONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

/** The refusal that a `code` fault stands for. */
export function refusalOf(fault: Extract<Fault, { kind: 'code' }>): Refusal {
  const { error_code, retry_after, migrate_to_chat_id } = fault;
  const usual = retry_after === undefined ? DESCRIPTIONS[error_code] : `Too Many Requests: retry after ${retry_after}`;
  const parameters = {
    ...(retry_after === undefined ? {} : { retry_after }),
    ...(migrate_to_chat_id === undefined ? {} : { migrate_to_chat_id }),
  };
  return new Refusal(
    error_code,
    fault.description ?? usual ?? 'Error',
    Object.keys(parameters).length > 0 ? parameters : undefined,
  );
}

/** Whether a call hit by this fault still takes effect. */
export const isProcessed = (fault: Fault): boolean =>
  fault.kind === 'slow' || (fault.processed ?? fault.kind === 'cut');

function matches(match: FaultMatch, call: Call): boolean {
  if (match.method !== undefined && match.method.toLowerCase() !== call.method.toLowerCase()) return false;
  if (match.bot !== undefined && match.bot !== call.bot) return false;
  if (match.chat_id !== undefined && chatIdOf(match.chat_id) !== chatIdOf(call.params.chat_id)) return false;
  if (match.text === undefined) return true;
  return `${textOf(call.params.text)}\n${textOf(call.params.caption)}`.includes(match.text);
}

/** The faults in place; the oldest that matches a call is the one that hits it. */
export class Faults {
  private armed: ArmedFault[] = [];
  private nextId = 1;

  add(spec: FaultSpec): ArmedFault {
    const fault = { ...spec, id: this.nextId++, hits: 0, skips: spec.after ?? 0 };
    this.armed.push(fault);
    return fault;
  }

  list(): ArmedFault[] {
    return this.armed.map((fault) => ({ ...fault }));
  }

  /** @returns Whether there was such a fault. */
  remove(id: number): boolean {
    const before = this.armed.length;
    this.armed = this.armed.filter((fault) => fault.id !== id);
    return this.armed.length < before;
  }

  clear(): void {
    this.armed = [];
  }

  /** The fault that hits this call, spending one of its times. */
  strike(call: Call): Fault | undefined {
    for (const armed of this.armed) {
      if (!matches(armed.match ?? {}, call)) continue;
      if (armed.skips > 0) {
        armed.skips -= 1;
        continue;
      }
      armed.hits += 1;
      const times = armed.times === undefined ? 1 : armed.times;
      if (times !== null && armed.hits >= times) this.remove(armed.id);
      return armed.fault;
    }
    return undefined;
  }
}
