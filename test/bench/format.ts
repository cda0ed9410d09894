import { fromMarkdown, split } from '@app/format';
import { Lexer } from 'marked';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurns, report } from './figures';

const corpus = join(__dirname, '../golden/markdown');
/** Each document is as long as a long message, and the whole as much as many of them. */
const documents = readdirSync(corpus).map((name) => readFileSync(join(corpus, name), 'utf8'));
const megabytes = documents.reduce((sum, document) => sum + Buffer.byteLength(document), 0) / 1e6;
/** Times through all of them in a round. */
const times = 20;
const rounds = 9;

/** How many megabytes a second go through that. */
function rate(work: (document: string) => unknown): Record<string, number> {
  const start = performance.now();
  for (let time = 0; time < times; time++) documents.forEach((document) => work(document));
  return { 'megabytes a second': (times * megabytes) / ((performance.now() - start) / 1000) };
}

/** `npm run bench:format`: Markdown to text and entities in parts, beside the lexer alone that others begin with. */
async function main(): Promise<void> {
  const ours = () => Promise.resolve(rate((document) => split(fromMarkdown(document))));
  const lexer = () => Promise.resolve(rate((document) => new Lexer().lex(document)));
  await inTurns(2, { ours, rival: lexer });
  const met = report({
    title: `${documents.length} documents of test/golden/markdown, ${(megabytes * 1000).toFixed(0)} kB, ${times} times a round`,
    ...(await inTurns(rounds, { ours, rival: lexer })),
    against: "marked's lexer alone, which neither makes entities nor parts",
    goals: { 'megabytes a second': { atLeast: 0.8 } },
  });
  const start = performance.now();
  const log = split({ text: 'a line of a log that is a megabyte long\n'.repeat(26_000), entities: [] });
  console.log(`  1 MB of plain text is in ${log.length} parts after ${(performance.now() - start).toFixed(0)} ms`);
  console.log(met ? '\nEvery goal is met.' : '\nNot every goal is met.');
  process.exitCode = met ? 0 : 1;
}

void main();
