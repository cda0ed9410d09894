import { generated } from './generated';
import { productEntries, sandboxEntries, type Entry } from './entries';

/** The text of docs/settings.md. */
export const settings = (): string => `${generated}

# Settings

All settings are environment variables. \`.env.example\` lists the same ones, ready to be copied to \`.env\`, which
\`npm start\` reads.

- An empty variable counts as not set.
- A wrong value stops the start. All wrong variables are named at once; no value is ever printed.
- A secret can stand in a file instead, which \`<NAME>_FILE\` names (as Docker and Kubernetes mount them); white space
  around it is taken off. Setting both forms is an error.

## TelegraMQ

${table(productEntries())}

## Sandbox

The stand-in for Telegram; see \`TELEGRAM_API_ROOT\` above.

${table(sandboxEntries())}
`;

function table(entries: Entry[]): string {
  const rows = entries.map(({ name, about, fallback, example, secret, usedBy }) =>
    [
      secret ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``,
      fallback === undefined ? `none; e.g. \`${example}\`` : `\`${fallback}\``,
      usedBy,
      about,
    ].join(' | '),
  );
  return [
    '| Variable | Default | Read by | Meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
