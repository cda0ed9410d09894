import { readFileSync } from 'node:fs';
import type { Variable } from './variable';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What stops a start: every wrong variable at once, each by its name, none with its value. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Wrong settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee .env.example.`);
    this.name = SettingsError.name;
  }
}

type Values<V extends Record<string, Variable>> = {
  [K in keyof V]: V[K] extends Variable<infer T> ? T : never;
};

/**
 * Reads the wanted variables.
 *
 * @param check Rules between variables; returns one problem a string. It gets those values that are right by
 *   themselves, so that a rule between them is told of although another variable is wrong.
 * @throws SettingsError naming every wrong variable.
 */
export function readSettings<V extends Record<string, Variable>>(
  environment: Environment,
  wanted: V,
  check: (values: Partial<Values<V>>) => string[] = () => [],
): Values<V> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, { name, schema, fallback, secret }] of Object.entries(wanted)) {
    const before = problems.length;
    const text = secret ? readSecret(environment, name, problems) : set(environment[name]);
    if (problems.length > before) continue;
    const result = schema.safeParse(text ?? fallback);
    if (result.success) values[key] = result.data;
    else problems.push(`${name} ${[...new Set(result.error.issues.map((issue) => issue.message))].join('; ')}`);
  }
  problems.push(...check(values as Partial<Values<V>>));
  if (problems.length > 0) throw new SettingsError(problems);
  return values as Values<V>;
}

/** The text of a secret: the variable itself, or the content of the file that `<name>_FILE` names. */
export function readSecret(environment: Environment, name: string, problems: string[]): string | undefined {
  const text = set(environment[name]);
  const file = set(environment[`${name}_FILE`]);
  if (text !== undefined && file !== undefined) problems.push(`${name} and ${name}_FILE are both set: set one of them`);
  if (text !== undefined || file === undefined) return text;
  try {
    return set(readFileSync(file, 'utf8').trim());
  } catch {
    problems.push(`${name}_FILE must name a file that this process can read`);
    return undefined;
  }
}

/** An empty variable counts as not set: compose files write `NAME=` for that. */
const set = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
