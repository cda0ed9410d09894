import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/free-port';

/** Kernel clock ticks a second, in which `/proc` counts processor time; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** One program under measurement: its address, its memory, its processor time. */
export class Subject {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts a script on a free port and waits until it answers that it is ready, or only that it lives. */
  static async start(
    script: string,
    portVariable: string,
    environment: Record<string, string>,
    health: 'ready' | 'live' = 'ready',
  ): Promise<Subject> {
    const port = await freePort();
    const child = spawn(process.execPath, [script], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        [portVariable]: `${port}`,
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const subject = new Subject(child, `http://127.0.0.1:${port}`);
    const exited = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${script} ended with ${code}`)));
    exited.catch(() => undefined);
    await Promise.race([subject.answers(health), exited]);
    return subject;
  }

  /** Resident memory in MB. */
  get memory(): number {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  }

  /** Processor time used so far, in seconds. */
  get cpu(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }

  private async answers(health: 'ready' | 'live'): Promise<void> {
    for (const start = Date.now(); Date.now() - start < 30_000; await pause(50)) {
      const response = await fetch(`${this.url}/health/${health}`).catch(() => undefined);
      if (response?.ok) return;
    }
    throw new Error(`${this.url} did not become ready within 30 s`);
  }
}
