import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** One message of a job: what stands in its text tells messages apart. */
export interface Message {
  chat_id: number;
  text: string;
  priority?: 'high' | 'normal' | 'bulk';
}

/** A call as the sandbox recorded it. */
export interface Seen {
  at: number;
  chat_id: number;
  verdict: string;
  params: { text: string };
}

/** A strict sandbox in a process of its own, with the limits that Telegram documents. */
export class StrictTelegram {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<StrictTelegram> {
    const environment = { PATH: process.env.PATH, SANDBOX_PORT: '0' };
    const child = spawn(process.execPath, ['dist/apps/sandbox/main.js'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /listening on (http\S+)/.exec(line)?.[1];
      if (url) return new StrictTelegram(child, url);
    }
    throw new Error('the sandbox did not start');
  }

  async calls(): Promise<Seen[]> {
    const answer = await fetch(`${this.url}/sandbox/journal?method=sendMessage&limit=200000`);
    return (await answer.json()) as Seen[];
  }

  async accepted(): Promise<number> {
    return (
      (await (await fetch(`${this.url}/sandbox/journal/count?method=sendMessage`)).json()) as { accepted: number }
    ).accepted;
  }

  /** Waits until so many messages were taken; false when that lasts longer. */
  async took(count: number, timeoutMs: number, end?: Promise<unknown>): Promise<boolean> {
    let isOver = false;
    void end?.then(() => (isOver = true));
    for (const start = performance.now(); performance.now() - start < timeoutMs; await pause(100)) {
      if ((await this.accepted()) >= count) return true;
      if (isOver) return (await this.accepted()) >= count;
    }
    return false;
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

/** The most calls that any window of that length saw. */
export function most(times: readonly number[], ms: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let [first, highest] = [0, 0];
  for (const [last, at] of sorted.entries()) {
    while (sorted[first]! <= at - ms) first++;
    highest = Math.max(highest, last - first + 1);
  }
  return highest;
}
