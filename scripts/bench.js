'use strict';
// `npm run bench [-- <name> …]`: the product against what one would write by hand, on a broker of this run.
// `npm run bench:drain [-- <name> …]`: the same under Telegram's limits.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { findBroker } = require('./find-broker');
const { onInterrupt } = require('./interrupt');
const { ROOT, prepare } = require('./prepare');
const { explain, say } = require('./report');

const DIR = path.join(ROOT, '.telegramq', `bench-${process.pid}`);

async function main() {
  await prepare();
  const broker = await findBroker({ dir: path.join(DIR, 'broker'), keep: false, onExit: (why) => say(`✗ ${why}`) });
  const names = process.argv.slice(2).filter((name) => name !== '--drain');
  const main = names.length < process.argv.length - 2 ? 'test/bench/drain/main.ts' : 'test/bench/main.ts';
  const bench = spawn(process.execPath, ['-r', '@swc-node/register', main, ...names], {
    cwd: ROOT,
    env: {
      ...process.env,
      RABBITMQ_URL: broker.url,
      DATABASE_URL: process.env.DATABASE_URL || `file:${path.join(DIR, 'ledger.db')}`,
    },
    stdio: 'inherit',
  });
  onInterrupt(
    () => bench.kill('SIGTERM'),
    () => bench.kill('SIGKILL'),
  );
  const [code] = await once(bench, 'close');
  await broker.kill();
  fs.rmSync(DIR, { recursive: true, force: true });
  process.exit(code ?? 1);
}

main().catch((error) => {
  explain(error);
  process.exit(1);
});
