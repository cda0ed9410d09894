import { readFileSync } from 'node:fs';
import path from 'node:path';
import { variables, type Variable } from '@app/settings';
import { readSandboxSettings } from '../../apps/sandbox/src/sandbox.settings';

/** One environment variable as a reader of the documents sees it. */
export interface Entry {
  name: string;
  about: string;
  /** Text that stands for it where it is not set. */
  fallback?: string;
  /** Text that shows its form where it has no fallback. */
  example?: string;
  secret?: boolean;
  usedBy: string;
}

/** What `bots.ts` reads; no {@link Variable}, since users choose the names of further bots. */
const botTokens: Entry[] = [
  {
    name: 'TELEGRAM_BOT_TOKEN',
    about:
      'Token of the bot named `default`, as @BotFather gives it. The consumer needs at least one bot; without any, `npm start` starts the sandbox in place of Telegram.',
    example: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11',
    secret: true,
    usedBy: 'producer (the name only), consumer',
  },
  {
    name: 'TELEGRAM_BOT_TOKEN_<NAME>',
    about:
      'Token of a further bot: A-Z, 0-9 and _ as its name, which messages give in lower case as `delivery.bot`. The example is the bot `news`. Give producer and consumer the same bots.',
    example: '654321:ZYX-WVU9876tsRqp-abc12D3e4f567gh89',
    secret: true,
    usedBy: 'producer (the name only), consumer',
  },
];

/** Every setting of the product, the bots' tokens in front of what else concerns Telegram. */
export function productEntries(): Entry[] {
  const entries = Object.values<Variable>(variables).map(({ schema: _, usedBy, ...variable }): Entry => ({
    ...variable,
    usedBy: usedBy.join(', '),
  }));
  const telegram = entries.findIndex(({ name }) => name.startsWith('TELEGRAM_'));
  return entries.toSpliced(telegram, 0, ...botTokens);
}

/** The sandbox's own settings. @throws Error where they are not those that its code reads. */
export function sandboxEntries(): Entry[] {
  const { host, port, limits } = readSandboxSettings({}) as { host: string; port: number; limits: string };
  const entries: Entry[] = [
    { name: 'SANDBOX_HOST', about: 'Address that it listens on.', fallback: host, usedBy: 'sandbox' },
    {
      name: 'SANDBOX_PORT',
      about: 'Port of its Bot API, its control API and its page. 0 takes any free one.',
      fallback: String(port),
      usedBy: 'sandbox',
    },
    {
      name: 'SANDBOX_LIMITS',
      about: '`on`: it answers 429 beyond Telegram’s documented limits. `off`: it takes everything.',
      fallback: limits,
      usedBy: 'sandbox',
    },
    {
      name: 'SANDBOX_TOKENS',
      about:
        'Comma-separated bot tokens that it knows; every other one is answered with 401. Not set: any that looks like one.',
      example: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11',
      usedBy: 'sandbox',
    },
  ];
  const source = readFileSync(path.join(__dirname, '../../apps/sandbox/src/sandbox.settings.ts'), 'utf8');
  const read = [...new Set(source.match(/\bSANDBOX_[A-Z]+\b/g))].sort().join();
  const described = entries
    .map(({ name }) => name)
    .sort()
    .join();
  if (read !== described) throw new Error(`scripts/docs/entries.ts describes ${described}, the sandbox reads ${read}`);
  return entries;
}
