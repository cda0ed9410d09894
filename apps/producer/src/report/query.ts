import type { z } from 'zod';
import { fieldErrors } from '../accept/acceptance';
import type { FieldError } from '../accept/to-command';

/** Reads the query of an address by its schema, or says which of its fields are wrong. */
export function readQuery<S extends z.ZodType>(
  schema: S,
  query: unknown,
): { query: z.infer<S> } | { errors: FieldError[] } {
  const parsed = schema.safeParse({ ...Object(query) });
  return parsed.success ? { query: parsed.data } : { errors: fieldErrors(parsed.error, '', 'is not known here') };
}
