import { readConsumerSettings } from '../../apps/consumer/src/consumer.settings';
import { readProducerSettings } from '../../apps/producer/src/producer.settings';
import { readSandboxSettings } from '../../apps/sandbox/src/sandbox.settings';
import { productEntries, sandboxEntries, type Entry } from './entries';

const width = 110;

const head = `
Every setting of TelegraMQ, each with what it means and its default. To change one, copy this file to .env (which
\`npm start\` reads) and take the # off its line, or set it in the environment by any other means.

A variable that is empty counts as not set. A wrong value stops the start; all wrong ones are named at once, and no
value is ever printed. Each secret can stand in a file instead, which <NAME>_FILE names: set one of the two.
`;

const sandboxHead = `
-------- The sandbox --------

A stand-in for Telegram to try things with. Point TELEGRAM_API_ROOT at it; \`npm start\` does so by itself while there
is no bot token.
`;

/** The text of `.env.example`. @throws SettingsError where an example is none that the apps would take. */
export function envExample(): string {
  const entries = [...productEntries(), ...sandboxEntries()];
  const environment = Object.fromEntries(entries.map((entry) => [nameOf(entry), entry.fallback ?? entry.example]));
  readProducerSettings(environment);
  readConsumerSettings(environment);
  readSandboxSettings(environment);
  return [comment(head), ...productEntries().map(block), comment(sandboxHead), ...sandboxEntries().map(block)].join(
    '\n',
  );
}

function block(entry: Entry): string {
  const name = nameOf(entry);
  const what = entry.fallback === undefined ? 'No default.' : 'Default as shown.';
  const file = entry.secret ? [`#${name}_FILE=/run/secrets/${name.toLowerCase()}`] : [];
  return [
    wrap(`${entry.name}: ${entry.about} ${what} Read by: ${entry.usedBy}.`).join('\n'),
    `#${name}=${entry.fallback ?? entry.example ?? ''}`,
    ...file,
    '',
  ].join('\n');
}

const nameOf = ({ name }: Entry): string => name.replace('<NAME>', 'NEWS');

const comment = (text: string): string => `${text.trim().replace(/^/gm, '# ').replace(/ +$/gm, '')}\n`;

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (`${lines.at(-1)} ${word}`.length > width) lines.push('');
    lines.push(`${lines.pop()} ${word}`);
  }
  return lines.map((line) => `#${line}`);
}
