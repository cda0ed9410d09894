import { startSandbox } from './server';
import { readSandboxSettings } from './sandbox.settings';

async function main(): Promise<void> {
  const sandbox = await startSandbox(readSandboxSettings());
  process.stdout.write(`sandbox listening on ${sandbox.url}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
  }
}

main().catch((error: NodeJS.ErrnoException) => {
  const why =
    error.code === 'EADDRINUSE' ? 'the port is taken: set SANDBOX_PORT to another one, or to 0' : error.message;
  process.stderr.write(`sandbox cannot start: ${why}\n`);
  process.exit(1);
});
