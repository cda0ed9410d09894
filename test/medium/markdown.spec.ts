import { fromMarkdown, split, type Formatted, type MessageEntity } from '@app/format';
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../apps/sandbox/src/call';
import { messageText } from '../../apps/sandbox/src/parse/formatting';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Whether a boundary of graphemes lies there. One that fills a whole message by itself has to be cut all the same. */
function isBetweenGraphemes(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return true;
  // Between two plain letters there is one; where not, as much of the text is looked at as any grapheme has.
  if (/^[ -~]{2}$/.test(text.slice(at - 1, at + 1))) return true;
  const from = Math.max(0, at - 5_000);
  const { index, segment } = graphemes.segment(text.slice(from, at + 100)).containing(at - from)!;
  return from + index === at || segment.length >= 4096;
}

/** What Telegram's rules, as the sandbox reads them, say of each part; and what holds for the parts together. */
function judge(whole: Formatted, parts: Formatted[]): void {
  let at = 0;
  for (const part of parts) {
    const { text, entities } = part;
    // Thousands of texts with hundreds of entities each: `expect` would take most of the time.
    const must = (holds: boolean, rule: string) => {
      if (!holds) throw new Error(`${rule}: ${JSON.stringify(part)}`);
    };
    const taken = messageText({ text, entities });
    must(!(taken instanceof Refusal), taken instanceof Refusal ? taken.description : '');
    must(text.length <= 4096 && entities.length <= 100 && text.isWellFormed(), 'is within the limits');
    const start = whole.text.indexOf(text, at);
    const end = start + text.length;
    must(
      start >= 0 && whole.text.slice(at, start).trim() === '',
      'follows the part before with white space alone between',
    );
    must(isBetweenGraphemes(whole.text, start) && isBetweenGraphemes(whole.text, end), 'cuts no grapheme');
    for (const { type, offset, length } of entities) {
      const from = start + offset;
      const covers = (one: MessageEntity) =>
        one.type === type && one.offset <= from && one.offset + one.length >= from + length;
      must(whole.entities.some(covers), 'shows nothing in a style that the whole does not');
    }
    at = end;
  }
  expect(whole.text.slice(at).trim()).toBe('');
}

const corpus = join(__dirname, '../golden/markdown');
const word = fc.constantFrom(
  ...[
    'word',
    'two words',
    'ünïcødé',
    '👨‍👩‍👧‍👦',
    '🇩🇪🇫🇷',
    'שלום',
    'مرحبا',
    'a_b_c',
    '2 * 3',
    'C:\\x',
    '&amp;',
    '<b>',
    '</b>',
    '100%',
    '1.',
    '~',
  ],
  ...[
    'e\u0301\u0302',
    'https://e.org/a_(b)?x=1%',
    '||',
    '|',
    '`',
    '*',
    '_',
    '[',
    ']',
    '(',
    '!',
    '\\',
    '#',
    '-',
    '>',
    'x'.repeat(200),
  ],
);
const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
const around = (mark: string) => (inner: string) => `${mark}${inner}${mark}`;

const { inline } = fc.letrec<{ inline: string; styled: string }>((tie) => ({
  inline: fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, fc.array(tie('styled'), { minLength: 1, maxLength: 4 }).map((all) => all.join(' '))),
  styled: fc.oneof(
    ...['**', '*', '_', '__', '~~', '||', '***', '`', '``'].map((mark) => tie('inline').map(around(mark))),
    fc.tuple(tie('inline'), fc.constantFrom('https://e.org/(a)?b=1%', '<https://e.org/a b>', 'javascript:x', '', 'tg://user?id=7', 'e.org "t"')).map(([inner, to]) => `[${inner}](${to})`),
    tie('inline').map((inner) => `![${inner}](https://e.org/i.png)`),
    tie('inline').map((inner) => `<i>${inner}</i>`),
    tie('inline'),
  ),
})); // prettier-ignore

const indent = (block: string, by: string) => block.split('\n').map((line) => by + line).join('\n'); // prettier-ignore
const { document } = fc.letrec<{ document: string; block: string }>((tie) => ({
  document: fc.array(tie('block'), { minLength: 1, maxLength: 5 }).map((blocks) => blocks.join('\n\n')),
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    inline,
    inline.map((line) => `## ${line}`),
    fc.tuple(inline, inline, inline).map(([a, b, c]) => `| ${a} | ${b} |\n|:-:|--:|\n| ${c} | ${a} |\n| ${b}`),
    fc.tuple(fc.constantFrom('```', '````', '~~~'), text, fc.boolean()).map(([fence, code, ends]) => `${fence}py\n${code}\n\n${code}\n${ends ? fence : ''}`),
    fc.array(tie('block'), { minLength: 1, maxLength: 3 }).map((items) => items.map((item) => `- ${indent(item, '  ').trimStart()}`).join('\n')),
    fc.array(tie('block'), { minLength: 1, maxLength: 3 }).map((items) => items.map((item, n) => `${n + 1}. ${n % 2 ? '[x] ' : ''}${indent(item, '   ').trimStart()}`).join('\n')),
    tie('block').map((inner) => indent(inner, '> ')),
    inline.map((line) => `${line} `.repeat(60)),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom('---', '[r]: https://e.org', '    code', '<div>', '\\', '👨‍👩‍👧‍👦'.repeat(500), '**a** '.repeat(150)),
  ),
})); // prettier-ignore

describe('Markdown', () => {
  it.each(readdirSync(corpus))('of %s is taken by Telegram as it becomes, whole and in parts', (name) => {
    const whole = fromMarkdown(readFileSync(join(corpus, name), 'utf8'));
    if (whole.text.length < 4096) expect(whole).toMatchSnapshot();
    judge(whole, split(whole));
  });

  it('of any kind is taken by Telegram as it becomes, whole and in parts', () => {
    let [longest, most] = [0, 0];
    fc.assert(
      fc.property(document, (source) => {
        const whole = fromMarkdown(source);
        const parts = split(whole);
        judge(whole, parts);
        [longest, most] = [Math.max(longest, parts.length), Math.max(most, whole.entities.length)];
      }),
      { numRuns: 10_000 },
    );
    expect(longest).toBeGreaterThan(3);
    expect(most).toBeGreaterThan(100);
  }, 120_000);

  it.each([
    ...[
      '*a ',
      '_a ',
      '**a ',
      '*a* ',
      'a** ',
      '**a**b',
      '`a ',
      '``a `',
      '~~a ',
      '||a ',
      '_*',
      '[a](',
      '[a](b ',
      '![',
      '[a][b]',
    ],
    ...[
      '[a](<',
      '<a:',
      '> a\nb\n',
      '>',
      '> ',
      '- ',
      '1. ',
      '> - ',
      '- a\n',
      '|a|b|\n',
      '  \n',
      ' ',
      '\\',
      '&amp;',
      'https://a.b/',
    ],
  ])('of %j again and again is read in a time that grows as its length does', (pattern) => {
    const read = (bytes: number) => {
      const source = pattern.repeat(Math.ceil(bytes / pattern.length));
      const start = process.cpuUsage();
      split(fromMarkdown(source));
      return process.cpuUsage(start).user / 1000; // Whatever else the machine does meanwhile.
    };
    read(32_768);
    // Four times as long; what grows with the square of it takes 16 times as long. Below 200 ms there is nothing to fear.
    const least = (bytes: number) => Math.min(read(bytes), read(bytes), read(bytes));
    const [short, long] = [least(65_536), least(262_144)];
    expect(long).toBeLessThan(Math.max(200, 10 * short));
  });

  it.each(['-', '*', '=', '_', '+'])('with a line of many %s is read as ever', (sign) => {
    expect(fromMarkdown(`**a**\n\n${sign.repeat(80)}\n\nb`).entities).toEqual([{ type: 'bold', offset: 0, length: 1 }]);
  });

  it.each([
    ['stars on both sides', (size: number) => `${'*'.repeat(size)}a${'*'.repeat(size)}`],
    ['an address with points', (size: number) => `*https://a${'.'.repeat(size)}a`],
    ['many definitions', (size: number) => `${Array.from({ length: size / 16 }, (_, n) => `[r${n}]: b\n`).join('')}\n${'[a]'.repeat(size / 6)}`], // prettier-ignore
  ])('with %s is read in a second', (_name, source) => {
    const start = process.cpuUsage();
    split(fromMarkdown(source(262_144)));
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_000);
  });
});
