import type { z } from 'zod';

/** One environment variable: what it is called, what it means, and how its text becomes a value. */
export interface Variable<T = unknown, A extends App = App> {
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
  usedBy: readonly A[];
}

export type App = 'producer' | 'consumer';
export const both = ['producer', 'consumer'] as const;

/** Keeps the type of what the schema reads, and of who does. */
export const variable = <T, const A extends App>(definition: Variable<T, A>): Variable<T, A> => definition;

/** Those of the variables that an app reads. */
export type OfApp<V extends Record<string, Variable>, A extends App> = {
  [K in keyof V as A extends V[K]['usedBy'][number] ? K : never]: V[K];
};
