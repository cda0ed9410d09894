import description from './methods.json';

/**
 * What a parameter of the Bot API must be. In `methods.json` it is written as Telegram's documentation writes it, with
 * the limits that stand there: `Integer[] 1..100`, `String 1..64 bytes`, `(A|B)[]`, `'html'|'markdown'`. A `?` after the
 * name of a field says that it may be left out, a last `…` in a union that Telegram passes over kinds it does not know.
 */
export type Type =
  | { is: 'Integer' | 'Float' | 'Boolean' | 'ChatId' | 'File' }
  | ({ is: 'String'; bytes: boolean } & Range)
  | { is: 'literal'; texts: string[] }
  | ({ is: 'array'; item: string } & Range)
  | { is: 'object'; name: string; fields: Field[] }
  | { is: 'union'; of: string[]; open: boolean };

export type ObjectType = Extract<Type, { is: 'object' }>;
export type UnionType = Extract<Type, { is: 'union' }>;

/** Length of a text or an array, the ends included. */
interface Range {
  least: number;
  most: number;
}

export interface Field {
  name: string;
  /** As it is written; see {@link typeOf}. */
  type: string;
  required: boolean;
}

const methods = new Map(
  Object.entries(description.methods as Record<string, Record<string, string>>).map(([name, fields]) => [
    name.toLowerCase(),
    fields,
  ]),
);
const objects = description.types as Record<string, Record<string, string> | string>;

/** Names of all methods that are known. */
export const methodNames = Object.keys(description.methods);

/** Whether Telegram had the method when this was built; like Telegram, it does not look at upper and lower case. */
export const isKnownMethod = (method: string): boolean => methods.has(method.toLowerCase());

/** Parameters of a method by their name; nothing where the method is not known. */
export function parametersOf(method: string): ReadonlyMap<string, Field> | undefined {
  const name = method.toLowerCase();
  return methods.has(name) ? parametersOfKnown(name) : undefined;
}

const parametersOfKnown = remembered(
  (name): ReadonlyMap<string, Field> => new Map(fieldsOf(methods.get(name) ?? {}).map((field) => [field.name, field])),
);

/** Names of all parameters, wherever they stand, that take a file. */
export const fileParameters: ReadonlySet<string> = new Set(
  [...methods.values(), ...Object.values(objects)].flatMap((fields) =>
    typeof fields === 'string' ? [] : fieldsOf(fields).flatMap(({ name, type }) => (type === 'File' ? name : [])),
  ),
);

/** Names of parameters that are texts in every method that has them, whatever these texts look like. */
export const textParameters: ReadonlySet<string> = textsAmong([...methods.values()].flatMap(fieldsOf));

function textsAmong(fields: readonly Field[]): Set<string> {
  const texts = new Set(fields.map(({ name }) => name));
  for (const { name, type } of fields) if (!/^(String( |$)|')/.test(type)) texts.delete(name);
  return texts;
}

/** Reads a type as it is written. */
export const typeOf = remembered((written: string): Type => {
  const [text = '', range, unit] = written.split(' ');
  const union = split(text);
  if (union.every((one) => one.startsWith("'"))) return { is: 'literal', texts: union.map((one) => one.slice(1, -1)) };
  if (union.length > 1) return { is: 'union', of: union.filter((one) => one !== '…'), open: union.includes('…') };
  if (text.endsWith('[]')) {
    return { is: 'array', item: text.slice(0, -2).replace(/^\((.*)\)$/, '$1'), ...rangeOf(range) };
  }
  if (text === 'String') return { is: 'String', bytes: unit === 'bytes', ...rangeOf(range) };
  if (isPlain(text)) return { is: text };
  const named = objects[text] ?? {};
  return typeof named === 'string' ? typeOf(named) : { is: 'object', name: text, fields: fieldsOf(named) };
});

function fieldsOf(fields: Record<string, string>): Field[] {
  return Object.entries(fields).map(([name, type]) => ({
    ...{ name: name.replace('?', ''), type },
    required: !name.endsWith('?'),
  }));
}

const isPlain = (text: string): text is 'Integer' | 'Float' | 'Boolean' | 'ChatId' | 'File' =>
  ['Integer', 'Float', 'Boolean', 'ChatId', 'File'].includes(text);

function rangeOf(range = ''): Range {
  const [least, most] = range.split('..');
  return { least: Number(least ?? 0), most: most ? Number(most) : Infinity };
}

/** Members of a union: `|` inside of parentheses does not part them. */
const split = (text: string): string[] => text.match(/(\([^)]*\)|[^|(])+/g) ?? [];

/** Types are read when they are first asked for: a start needs none of them, and most messages a few. */
function remembered<T extends object>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    let made = known.get(name);
    if (made === undefined) known.set(name, (made = make(name)));
    return made;
  };
}
