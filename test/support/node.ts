import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanUp } from './clean-up';

/** A private RabbitMQ node, as scripts/broker.js describes it. */
export interface RabbitNode {
  url: string;
  pid: number;
  stop: () => Promise<void>;
  kill: () => Promise<void>;
  restart: () => Promise<void>;
  /** Runs rabbitmqctl against it. */
  ctl: (...args: string[]) => Promise<string>;
}

/* eslint-disable @typescript-eslint/no-require-imports -- the scripts run without a build, so they are CommonJS */
const { startBroker } = require('../../scripts/broker') as {
  startBroker: (options: { dir: string; conf?: string }) => Promise<RabbitNode>;
};
const { holderOf, tryLock } = require('../../scripts/lock') as {
  holderOf: (file: string) => number | null;
  tryLock: (file: string) => unknown;
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The broker of the run: RABBITMQ_URL, else a node that all files of this jest worker share and that ends with it. */
export async function sharedUrl(): Promise<string> {
  if (process.env.RABBITMQ_URL) return process.env.RABBITMQ_URL;
  // Where scripts/test.js keeps its own, and removes what earlier runs left.
  const dir = resolve('.telegramq', `test-${process.pid}`);
  const url = join(dir, 'url');
  if (existsSync(url) && holderOf(join(dir, 'lock')) === process.pid) return readFileSync(url, 'utf8');
  rmSync(dir, { recursive: true, force: true });
  tryLock(join(dir, 'lock'));
  writeFileSync(url, (await startBroker({ dir: join(dir, 'broker') })).url);
  return readFileSync(url, 'utf8');
}

/** A node that a test may stop, kill or freeze; gone after the test. Takes about 6 s to start. */
export async function startNode(): Promise<RabbitNode & { freeze: () => void; thaw: () => void }> {
  const dir = mkdtempSync(join(tmpdir(), 'telegramq-node-'));
  cleanUp(() => rmSync(dir, { recursive: true, force: true }));
  const node = await startBroker({ dir });
  cleanUp(() => node.kill());
  return Object.assign(node, {
    /** It stops answering, but its connections stay open. */
    freeze: () => void process.kill(node.pid, 'SIGSTOP'),
    thaw: () => void process.kill(node.pid, 'SIGCONT'),
  });
}
