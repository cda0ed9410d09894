import type { SandboxOptions } from './sandbox';

/** Reads the sandbox's variables. A wrong value throws, naming all wrong variables and none of their values. */
export function readSandboxSettings(env: NodeJS.ProcessEnv = process.env): SandboxOptions {
  const wrong: string[] = [];
  const port = env.SANDBOX_PORT === undefined || env.SANDBOX_PORT === '' ? 8081 : Number(env.SANDBOX_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    wrong.push('SANDBOX_PORT must be a port number, or 0 for any free one');
  const limits = env.SANDBOX_LIMITS || 'on';
  if (limits !== 'on' && limits !== 'off') wrong.push('SANDBOX_LIMITS must be on or off');
  const tokens = (env.SANDBOX_TOKENS ?? '')
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean);
  if (!tokens.every((token) => /^\d+:[\w-]+$/.test(token)))
    wrong.push('SANDBOX_TOKENS must be a comma-separated list of bot tokens');
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  return {
    host: env.SANDBOX_HOST || '127.0.0.1',
    port,
    limits: limits === 'off' ? 'off' : 'on',
    ...(tokens.length > 0 ? { tokens } : {}),
  };
}
