import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp, eventually } from '../../support';
import { freePort } from '../../support/free-port';

const program = '/usr/bin/prometheus-alertmanager';

/** The Debian package that is missing here, if it is. */
export const missingAlertmanager = existsSync(program) ? undefined : 'prometheus-alertmanager';

export interface Alertmanager {
  /** As Prometheus does when a rule begins to fire. */
  fire: (alertname: string) => Promise<void>;
  resolve: (alertname: string) => Promise<void>;
  /** Notifications to Telegram that have failed so far; each is one call. */
  failures: () => Promise<number>;
}

/** Debian's Alertmanager, with nothing set for Telegram but where and to whom; gone after the test. */
export async function anAlertmanager(api_url: string, bot_token: string, chat_id: number): Promise<Alertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'telegramq-alertmanager-'));
  cleanUp(() => rmSync(folder, { recursive: true, force: true }));
  const config = {
    // Waits as short as they go: how soon alerts are told, and how often what could not be told is tried again.
    route: { receiver: 'telegram', group_by: ['alertname'], group_wait: '100ms', group_interval: '1s' },
    receivers: [{ name: 'telegram', telegram_configs: [{ api_url, bot_token, chat_id }] }],
  };
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, JSON.stringify(config)); // YAML holds JSON.
  const port = await freePort();
  // Without an address for it there is no gossip with other Alertmanagers.
  const options = { 'config.file': file, 'storage.path': folder, 'web.listen-address': `127.0.0.1:${port}` };
  const args = Object.entries({ ...options, 'cluster.listen-address': '' }).map(
    ([name, value]) => `--${name}=${value}`,
  );
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'close');
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  cleanUp(() => {
    child.kill('SIGKILL');
    return exited;
  });

  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => child.exitCode === null && (await fetch(`${url}/-/ready`)).ok;
  await eventually(isReady, 'Alertmanager is ready').catch((error: Error) => {
    throw new Error(`${error.message}\n${log}`);
  });
  const post = async (alertname: string, endsAt?: string): Promise<void> => {
    const alert = { labels: { alertname, severity: 'page' }, annotations: { summary: 'a & b < c' }, endsAt };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify([alert]) });
    if (!answer.ok) throw new Error(`Alertmanager refuses the alert: ${answer.status} ${await answer.text()}`);
  };
  return {
    fire: (alertname) => post(alertname),
    resolve: (alertname) => post(alertname, new Date().toISOString()),
    failures: async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/notification_requests_failed_total\{integration="telegram"\} (\d+)/.exec(metrics)?.[1]);
    },
  };
}
