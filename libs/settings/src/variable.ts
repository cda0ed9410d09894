import type { z } from 'zod';

/** One environment variable: what it is called, what it means, and how its text becomes a value. */
export interface Variable<T = unknown> {
  name: string;
  /** What it means and what is right, in a sentence or two; stands in `.env.example` and docs/settings.md. */
  about: string;
  /** Reads the text; its messages say what would be right and never repeat the value. */
  schema: z.ZodType<T, string | undefined>;
  /** Text used when the variable is not set. */
  fallback?: string;
  /** Text shown in `.env.example` where there is no fallback. */
  example?: string;
  /** A secret can also be read from the file that `<NAME>_FILE` names, and is never printed. */
  secret?: boolean;
  /** Which processes read it. */
  usedBy: readonly App[];
}

export type App = 'producer' | 'consumer';
export const both: readonly App[] = ['producer', 'consumer'];

/** Keeps the type of what the schema reads. */
export const variable = <T>(definition: Variable<T>): Variable<T> => definition;
