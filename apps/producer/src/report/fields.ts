import type { FieldError } from '@app/contracts';
import type { z } from 'zod';
import { fieldErrors } from '../accept/acceptance';

/** Reads the query of an address or a body by its schema, or says which of its fields are wrong. */
export function readFields<S extends z.ZodType>(
  schema: S,
  input: unknown,
): { fields: z.infer<S> } | { errors: FieldError[] } {
  const parsed = schema.safeParse({ ...Object(input) });
  return parsed.success ? { fields: parsed.data } : { errors: fieldErrors(parsed.error, '', 'is not known here') };
}
