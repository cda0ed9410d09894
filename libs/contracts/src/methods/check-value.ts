import { chatId } from '../parameters';
import type { FieldError } from '../problems';
import { kindsOf, type Kinds } from './kinds';
import { typeOf, type Field, type Type, type UnionType } from './types';

type Values = Record<string, unknown>;

/** Most errors of one message: nobody reads more. */
export const maxErrors = 20;

/** Looks whether a value is of a type, and puts down what is wrong and where. Takes time in proportion to the value. */
export function checkValue(type: Type, value: unknown, at: string, errors: FieldError[]): void {
  if (errors.length >= maxErrors) return;
  if (type.is === 'array') return checkItems(type, value, at, errors);
  if (type.is === 'union') return checkUnion(type, value, at, errors);
  if (type.is === 'object' && isRecord(value)) return checkObject(type.fields, value, at, errors);
  const message = faultOf(type, value);
  if (message !== undefined) errors.push({ field: at, message });
}

/** What a plain value should be, where it is something else. */
function faultOf(type: Type, value: unknown): string | undefined {
  switch (type.is) {
    case 'String':
      return typeof value === 'string' ? lengthFault(type, value) : describe(type);
    case 'Integer':
      return isWhole(value) ? undefined : describe(type);
    case 'Float':
      return Number.isFinite(value) || isDecimal(value) ? undefined : describe(type);
    case 'Boolean':
      return typeof value === 'boolean' || isFlag(value) ? undefined : describe(type);
    case 'ChatId':
      return chatId.safeParse(value).error?.issues[0]?.message;
    case 'File':
      return typeof value !== 'string' ? describe(type) : value === '' ? 'must not be empty' : undefined;
    case 'literal':
      return isOneOf(type.texts, value) ? undefined : describe(type);
    default:
      return describe(type);
  }
}

/** Telegram takes numbers and flags as texts, too. */
const isWhole = (value: unknown): boolean =>
  typeof value === 'string' ? /^-?\d{1,19}$/.test(value) : Number.isSafeInteger(value);
const isDecimal = (value: unknown): boolean => typeof value === 'string' && /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(value);
const isFlag = (value: unknown): boolean => typeof value === 'string' && /^(true|false|1|0)$/i.test(value);

/** Telegram reads these words in upper or lower case. */
const isOneOf = (texts: readonly string[], value: unknown): boolean =>
  typeof value === 'string' && texts.some((text) => text.toLowerCase() === value.toLowerCase());

function lengthFault({ least, most, bytes }: Extract<Type, { is: 'String' }>, value: string): string | undefined {
  if (value.length < least) return 'must not be empty';
  // No text has more characters than UTF-16 units, nor more than three bytes for one.
  if (value.length * (bytes ? 3 : 1) <= most) return undefined;
  const length = bytes ? Buffer.byteLength(value) : Array.from(value).length;
  return length > most ? `must be at most ${most} ${bytes ? 'bytes' : 'characters'} long; it has ${length}` : undefined;
}

function checkItems(type: Extract<Type, { is: 'array' }>, value: unknown, at: string, errors: FieldError[]): void {
  const { item, least, most } = type;
  if (!Array.isArray(value)) {
    errors.push({ field: at, message: describe(type) });
  } else if (value.length < least || value.length > most) {
    errors.push({ field: at, message: `must hold ${least} to ${most} items; it has ${value.length}` });
  } else {
    const of = typeOf(item);
    for (const [index, one] of value.entries()) {
      if (errors.length >= maxErrors) return;
      checkValue(of, one, `${at}.${index}`, errors);
    }
  }
}

function checkObject(fields: readonly Field[], value: Values, at: string, errors: FieldError[]): void {
  for (const { name, type, required } of fields) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined) {
      if (required) errors.push({ field: `${at}.${name}`, message: 'must be given' });
      // To the Bot API a field without any text is one that was not given.
    } else if (required || given !== '') {
      checkValue(typeOf(type), given, `${at}.${name}`, errors);
    }
  }
}

function checkUnion(union: UnionType, value: unknown, at: string, errors: FieldError[]): void {
  if (isRecord(value) && kindsOf(union).names.size > 0) return checkKind(union, kindsOf(union), value, at, errors);
  const types = union.of.map(typeOf);
  const fitting = types.find(({ is }) => is === (Array.isArray(value) ? 'array' : 'String'));
  if (fitting && (Array.isArray(value) || typeof value === 'string')) return checkValue(fitting, value, at, errors);
  const isNumber = types.some(({ is }) => is === 'Integer') && Number.isSafeInteger(value);
  if (!isNumber) errors.push({ field: at, message: describe(union) });
}

/** First which of the objects it is, and then whether it is that. */
function checkKind(union: UnionType, kinds: Kinds, value: Values, at: string, errors: FieldError[]): void {
  const { named } = kinds;
  if (!named) return checkMarked(kinds, value, at, errors);
  const name = value[named.key];
  const meant = typeof name === 'string' ? named.kinds.get(name) : undefined;
  if (meant) return checkMarked(meant, value, at, errors);
  if (union.open && typeof name === 'string') return;
  const texts = [...named.kinds.keys()];
  errors.push({ field: `${at}.${named.key}`, message: describe({ is: 'literal', texts }) });
}

function checkMarked({ marked, plain, shared, names }: Kinds, value: Values, at: string, errors: FieldError[]): void {
  const meant = [...marked].filter(([name]) => Object.hasOwn(value, name)).map(([, kind]) => kind);
  if (meant.length === 0 && plain) return checkObject(plain.fields, value, at, errors);
  // What several of them have is looked at once: otherwise nested values would be looked at without end.
  const fields = new Map([...meant.flatMap((kind) => kind.fields), ...shared].map((field) => [field.name, field]));
  checkObject([...fields.values()], value, at, errors);
  if (meant.length > 0 || shared.some(({ name }) => !Object.hasOwn(value, name))) return;
  // A field that is not known may be what makes a kind that Telegram has added since; and nothing at all stands for none.
  const isOther = Object.keys(value).some((name) => !names.has(name));
  if (isOther || Object.keys(value).length === 0) return;
  errors.push({ field: at, message: `must have one of: ${[...marked.keys()].join(', ')}` });
}

/** What would be right, in words. */
function describe(type: Type): string {
  switch (type.is) {
    case 'String':
      return 'must be a text';
    case 'Integer':
      return 'must be a whole number';
    case 'Float':
      return 'must be a number';
    case 'Boolean':
      return 'must be true or false';
    case 'File':
      return 'must be a text: a file_id, a URL, or attach:// and the name of a file of the form';
    case 'literal':
      return `must be ${type.texts.length > 1 ? 'one of: ' : ''}${type.texts.join(', ')}`;
    case 'array':
      return 'must be an array';
    case 'union':
      return `must be ${[...new Set(type.of.map((one) => describe(typeOf(one)).replace('must be ', '')))].join(' or ')}`;
    default:
      return 'must be an object';
  }
}

export const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
