// `npm run docs` writes what is generated from the code; `npm run docs:check` names what is stale and writes nothing.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { asyncApiJson } from './asyncapi';
import { envExample } from './env-example';
import { errors } from './errors';
import { methodsJson } from './methods';
import { openApiJson } from './openapi';
import { queues } from './queues';
import { settings } from './settings';

const root = path.join(__dirname, '../..');

/** Every generated file, and what makes its text. */
const documents: Record<string, () => string | Promise<string>> = {
  'libs/contracts/src/methods/methods.json': methodsJson,
  '.env.example': envExample,
  'docs/asyncapi.json': asyncApiJson,
  'docs/errors.md': errors,
  'docs/openapi.json': openApiJson,
  'docs/queues.md': queues,
  'docs/settings.md': settings,
};

async function main(isCheck: boolean): Promise<void> {
  const stale: string[] = [];
  for (const [name, make] of Object.entries(documents)) {
    const file = path.join(root, name);
    const text = await formatted(file, await make());
    if (text === read(file)) continue;
    stale.push(name);
    if (!isCheck) writeFileSync(file, text);
  }
  if (!isCheck) console.log(stale.length > 0 ? `written: ${stale.join(', ')}` : 'nothing has changed');
  else if (stale.length > 0) throw new Error(`stale: ${stale.join(', ')}. Run \`npm run docs\` and commit the result.`);
}

async function formatted(file: string, text: string): Promise<string> {
  return file.endsWith('.md') ? format(text, { ...(await resolveConfig(file)), filepath: file }) : text;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

main(process.argv.includes('--check')).then(
  () => process.exit(0), // The app that describes itself holds timers of Nest's.
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
