import { fromHtml, fromMarkdownV2, type Formatted, type MessageEntity } from '@app/format';
import * as fc from 'fast-check';
import { Refusal } from '../../apps/sandbox/src/call';
import { messageText } from '../../apps/sandbox/src/parse/formatting';

/** What Telegram understands by a text, as the sandbox reads it: written from Telegram's documents, without our code. */
const telegrams = (source: string, parseMode: string) => messageText({ text: source, parse_mode: parseMode });

/** What Telegram makes of our reading of it, sent with entities instead of markup. */
const ours = ({ text, entities }: Formatted) => messageText({ text, entities });

/** An entity as far as Telegram answers with it: of a user we know the number alone. */
const told = ({ user, ...entity }: MessageEntity): MessageEntity =>
  user === undefined ? entity : { ...entity, user: (user as { id: number }).id };

const shown = (read: ReturnType<typeof messageText>) =>
  read instanceof Refusal
    ? read.description
    : { text: read.text, entities: distinct(read.entities.map((entity) => told(entity as unknown as MessageEntity))) };

/** A style within the same style shows nothing more, and in what order two of one place stand means nothing. */
function distinct(entities: MessageEntity[]): string[] {
  const [sorted, kept] = [
    entities.map((entity) => JSON.stringify(entity, Object.keys(entity).sort())),
    new Set<string>(),
  ];
  for (const entity of sorted) kept.add(entity);
  return [...kept].sort();
}

const pieces = {
  html: [
    ...['<b>', '</b>', '<i>', '</i>', '<u>', '</u>', '<s>', '</s>', '<code>', '</code>', '<pre>', '</pre>', '</>'],
    ...['<a href="https://example.org/?a=1&amp;b=(2)">', '</a>', "<a href='tg://user?id=77'>", '<a>', '<blockquote>'],
    ...['</blockquote>', '<blockquote expandable>', '<tg-spoiler>', '</tg-spoiler>', '<span class="tg-spoiler">'],
    ...[
      '</span>',
      '<span>',
      '<code class="language-python">',
      '<tg-emoji emoji-id="5368324170671202286">',
      '</tg-emoji>',
    ],
    ...[
      '<STRONG>',
      '</strong >',
      '<h1>',
      '< b>',
      '<b',
      '<br/>',
      '&lt;',
      '&gt',
      '&amp;',
      '&quot;',
      '&nbsp;',
      '&#128512;',
    ],
    ...['&#x41;', '&#xd800;', '&', '<tg-time unix="1700000000" format="wDT">', '</tg-time>', '<!-- -->', '>', '"'],
  ],
  markdownv2: [
    ...[
      '*',
      '_',
      '__',
      '~',
      '||',
      '`',
      '```',
      '```python\n',
      '[',
      ']',
      '](https://example.org/a\\)b)',
      '](tg://user?id=7)',
    ],
    ...[
      '![',
      '](tg://emoji?id=5368324170671202286)',
      '>',
      '\n>',
      '\\*',
      '\\\\',
      '\\.',
      '.',
      '!',
      '(',
      ')',
      '**>',
      '||\n',
    ],
    ...['](tg://time?unix=1700000000&format=wDT)', '***', '___', '\\', '#', '[a](example.org)'],
  ],
};
const words = ['x', 'word ', 'two words', '\n', '\n\n', ' ', 'ünï', '👨‍👩‍👧‍👦', '🇩🇪', 'שלום', 'a&b', '1 < 2'];

/** Markup that is right more often than chance would have it. */
const written = (markup: string[]) =>
  fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...markup) }, { weight: 2, arbitrary: fc.constantFrom(...words) }), { maxLength: 24 }).map((parts) => parts.join('')); // prettier-ignore

describe.each([
  ['html', fromHtml],
  ['markdownv2', fromMarkdownV2],
] as const)('Text in the format %s', (mode, read) => {
  it('is refused where Telegram would refuse it, and shows what Telegram would show', () => {
    let taken = 0;
    fc.assert(
      fc.property(written(pieces[mode]), (source) => {
        const expected = telegrams(source, mode);
        const got = read(source);
        if (expected instanceof Refusal && /can't parse|emoji/i.test(expected.description)) {
          expect(got).toEqual({ problem: expect.any(String) });
          return;
        }
        taken++;
        expect(got).not.toHaveProperty('problem');
        if (expected instanceof Refusal) expect((got as Formatted).text).toBe('');
        else expect(shown(ours(got as Formatted))).toEqual(shown(expected));
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});
