import type { Sandbox } from '../../apps/sandbox/src/sandbox';

/** A message of a test: the number stands in its text, so that arrivals can be compared with what was sent. */
export interface Numbered {
  [parameter: string]: unknown;
  chat_id: number;
  text: string;
}

/** So many messages, spread over so many private chats in turn; within a chat their numbers grow. */
export const numbered = (count: number, chats: number, firstChat = 1001): Numbered[] =>
  Array.from({ length: count }, (_, at) => ({ chat_id: firstChat + (at % chats), text: `${at + 1}` }));

/** What chats have seen, held against what was sent. */
export interface Arrivals {
  /** Different texts that arrived. */
  texts: Set<string>;
  /** Texts that arrived more than once, with every further arrival: one that came three times stands here twice. */
  doubled: string[];
  /** Texts whose first arrival came before that of a lower number in the same chat. */
  disordered: string[];
}

/** Reads the sandbox's record of every chat. */
export function arrivals(sandbox: Sandbox): Arrivals {
  const texts = new Set<string>();
  const doubled: string[] = [];
  const disordered: string[] = [];
  const highest = new Map<unknown, number>();
  for (const { chat_id, params } of sandbox.accepted()) {
    if (params.text === undefined) continue; // A probe, e.g. getMe.
    const text = String(params.text);
    if (texts.has(text)) {
      doubled.push(text);
      continue;
    }
    texts.add(text);
    const number = Number(text);
    if (number < (highest.get(chat_id) ?? 0)) disordered.push(text);
    highest.set(chat_id, Math.max(number, highest.get(chat_id) ?? 0));
  }
  return { texts, doubled, disordered };
}

/** Waits until each of these texts has arrived at least once. @throws Naming some of those that have not. */
export async function allArrive(sandbox: Sandbox, texts: Iterable<string>, timeoutMs: number): Promise<Arrivals> {
  const missing = new Set(texts);
  let seen = 0;
  const arrived = () => {
    for (const { seq, verdict, params } of sandbox.journal({ since: seen })) {
      seen = seq;
      if (verdict === 'accepted' || verdict === 'lost') missing.delete(String(params.text));
    }
    return missing.size === 0;
  };
  await sandbox.waitFor(arrived, timeoutMs).catch((error: Error) => {
    throw new Error(
      `${missing.size} did not arrive, among them ${[...missing].slice(0, 10).join(', ')}: ${error.message}`,
    );
  });
  return arrivals(sandbox);
}
