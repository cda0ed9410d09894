/** Largest body of parameters that Telegram takes, in bytes; files come on top. */
export const maxParameterBytes = 1024 * 1024;

export type Parameters = Record<string, unknown>;

/**
 * Reads the parameters of a call as Telegram’s own server does: all of them are one list, the query first, and of several
 * with one name the first counts.
 *
 * @returns Nothing where the body cannot be read: what Telegram makes of it, only Telegram knows.
 */
export function readParameters(query: string, contentType: string, body: Buffer): Parameters | undefined {
  const found = new Map<string, unknown>();
  addForm(found, query);
  if (body.length > 0 && !addBody(found, contentType.toLowerCase(), body)) return undefined;
  return parametersOf(found);
}

/** The same of a form whose fields have been read. */
export function mergeParameters(query: string, fields: ReadonlyMap<string, string>): Parameters {
  const found = new Map<string, unknown>(fields);
  for (const [name, value] of [...new URLSearchParams(query)].reverse()) found.set(name, value);
  return parametersOf(found);
}

function parametersOf(found: Map<string, unknown>): Parameters {
  found.delete('__proto__');
  return Object.fromEntries(found);
}

/** Adds those that are not there yet. */
export function addForm(found: Map<string, unknown>, form: string): void {
  for (const [name, value] of new URLSearchParams(form)) if (!found.has(name)) found.set(name, value);
}

function addBody(found: Map<string, unknown>, contentType: string, body: Buffer): boolean {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    addForm(found, body.toString());
    return true;
  }
  if (!contentType.startsWith('application/json')) return false;
  const fields = parseObject(body.toString());
  if (!fields) return false;
  for (const [name, value] of Object.entries(fields)) if (!found.has(name)) found.set(name, value);
  return true;
}

function parseObject(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
