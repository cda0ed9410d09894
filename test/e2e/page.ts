import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a page tells its reader to do to one file: write it anew, or change some of its lines. */
export type Step = { file: string; content: string } | { file: string; before: string; after: string };

/** Reads the steps of a page: each code block in `ts` or `diff` belongs to the file that is named last before it. */
export function readSteps(page: string): Step[] {
  const steps: Step[] = [];
  let file = '';
  for (const [, named, kind, block = ''] of page.matchAll(/^`([\w./-]+)`$|^```(ts|diff)\n(.*?)^```$/gms)) {
    if (named) file = named;
    else if (kind === 'ts') steps.push({ file, content: block });
    else steps.push({ file, before: sideOf(block, '-'), after: sideOf(block, '+') });
  }
  return steps;
}

/** Does a step below a folder. @throws When the lines that it changes do not stand in the file exactly once. */
export function takeStep(root: string, step: Step): void {
  const path = join(root, step.file);
  if ('content' in step) return writeFileSync(path, step.content, { flag: 'wx' });
  const [start = '', end, ...more] = `\n${readFileSync(path, 'utf8')}`.split(`\n${step.before}`);
  if (end === undefined || more.length > 0) {
    throw new Error(`${step.file} does not have these lines (any more) exactly once:\n${step.before}`);
  }
  writeFileSync(path, `${start}\n${step.after}${end}`.slice(1));
}

/** The lines that stand in a file before (`-`) or after (`+`) the edit of a diff block. */
const sideOf = (block: string, side: '-' | '+'): string =>
  block
    .split('\n')
    .filter((line) => line.startsWith(' ') || line.startsWith(side))
    .map((line) => `${line.slice(1)}\n`)
    .join('');
