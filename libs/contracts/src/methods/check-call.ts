import { maxDepth } from '../parameters';
import type { FieldError } from '../problems';
import { checkRules } from './check-rules';
import { checkValue, isRecord, maxErrors } from './check-value';
import { parametersOf, typeOf, type Type } from './types';

type Values = Readonly<Record<string, unknown>>;

/**
 * Looks for what Telegram would refuse in a call: parameters that are missing or of a wrong type, and limits that it is
 * known to hold. Nothing is found in a method that is not known, nor in parameters that are not: they may be new.
 *
 * @param payload Nested no deeper than `maxDepth`; texts of form clients stand for numbers, flags and JSON.
 * @returns At most 20 errors, each with what would be right.
 */
export function checkCall(method: string, payload: Values): FieldError[] {
  const parameters = parametersOf(method);
  if (!parameters) return [];
  const errors: FieldError[] = [];
  const read: Record<string, unknown> = {};
  for (const { name, type: written, required } of parameters.values()) {
    const given = Object.hasOwn(payload, name) ? payload[name] : undefined;
    const type = typeOf(written);
    if (given === undefined) {
      if (required) errors.push({ field: name, message: 'must be given' });
    } else if (given === '') {
      // To the Bot API a parameter without any text is one that was not given.
      if (required) errors.push({ field: name, message: 'must not be empty' });
    } else {
      read[name] = isStructured(type) ? fromForm(given) : given;
      checkValue(type, read[name], name, errors);
    }
  }
  if (errors.length === 0) errors.push(...checkRules(method.toLowerCase(), read, parameters));
  return errors.slice(0, maxErrors);
}

const isStructured = ({ is }: Type): boolean => is === 'array' || is === 'object' || is === 'union';

/** Form clients send arrays and objects as JSON, and the Bot API reads it in any body. */
function fromForm(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    const value: unknown = JSON.parse(given);
    const isStructure = Array.isArray(value) || isRecord(value);
    return isStructure && !isDeeper(value, maxDepth) ? value : given;
  } catch {
    return given;
  }
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1)));
