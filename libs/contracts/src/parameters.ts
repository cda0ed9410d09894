import { z } from 'zod';

/** Most UTF-16 units of a text or caption after Telegram has parsed its entities. */
export const limits = { text: 4096, caption: 1024, rich: 32_768 } as const;

/** Said of every value, since zod tells of the one option whose type fits. */
const notAChat = 'must be a number other than 0, or @name';

/** A chat: its number, or `@name` of a public channel or group. */
export const chatId = z.union(
  [
    z.int(notAChat).refine((id) => id !== 0, notAChat),
    z.string().regex(/^(-?[1-9]\d{0,18}|@[A-Za-z]\w{2,63})$/, notAChat),
  ],
  notAChat,
);

/** Deepest nesting of objects and arrays taken: twice what any Bot API type needs (rich messages nest 16 levels). */
export const maxDepth = 32;

/** Most issues of one message: nobody reads more, and a large body could make hundreds of thousands. */
const maxIssues = 20;

/** Most bytes of a call as JSON: the Bot API server answers 413 to larger parameters (td, HttpReader.h). */
export const maxCallBytes = 1024 * 1024;

/**
 * Refuses what JSON can hold but nobody can deliver: half surrogate pairs, numbers beyond a double, bottomless nesting,
 * more than Telegram takes, but for the fields `besides`, which are parted before.
 */
export function soundTree(root: object, context: z.RefinementCtx, besides: readonly string[] = []): void {
  const path: string[] = [];
  let issues = 0;
  let bytes = 0;
  const refuse = (problem: string) => {
    issues += 1;
    context.addIssue({ code: 'custom', path: [...path], message: problem });
  };
  const visit = (value: unknown, depth: number): void => {
    if (depth !== 1 || !besides.includes(path[0]!)) bytes += mostBytes(value);
    if (typeof value === 'string') {
      if (!value.isWellFormed()) refuse('must be well-formed Unicode: it holds half a surrogate pair');
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) refuse('must be a number that a double can hold');
    } else if (typeof value === 'object' && value !== null) {
      if (depth > maxDepth) return refuse(`must not be nested deeper than ${maxDepth} levels`);
      for (const [key, child] of Object.entries(value)) {
        if (issues >= maxIssues) return;
        bytes += mostBytes(key);
        path.push(key);
        if (!key.isWellFormed()) refuse('must be named in well-formed Unicode');
        else visit(child, depth + 1);
        path.pop();
      }
    }
  };
  visit(root, 0);
  // Only what may be too large is written out to be measured, and nothing that is nested too deep to be written.
  if (issues === 0 && bytes > maxCallBytes && measured(root, besides) > maxCallBytes) {
    refuse('must be at most 1 MiB as JSON: Telegram takes no more');
  }
}

function measured(root: object, besides: readonly string[]): number {
  const entries = Object.entries(root).filter(([name]) => !besides.includes(name));
  return Buffer.byteLength(JSON.stringify(besides.length > 0 ? Object.fromEntries(entries) : root));
}

/** No value takes more in JSON: 6 bytes a UTF-16 unit (`\u0000`), 25 a number, and its brackets, comma and colon. */
const mostBytes = (value: unknown): number => (typeof value === 'string' ? 6 * value.length + 4 : 32);
