import { Refusal } from '../call';
import { formatted } from './formatting';

const markdown = (source: string) => formatted(source, 'MarkdownV2', undefined);

describe('parse_mode MarkdownV2', () => {
  it.each<[string, string, object[]]>([
    ['*a*', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
    ['_a_', 'a', [{ type: 'italic', offset: 0, length: 1 }]],
    ['__a__', 'a', [{ type: 'underline', offset: 0, length: 1 }]],
    [
      '*a _b_*',
      'a b',
      [
        { type: 'bold', offset: 0, length: 3 },
        { type: 'italic', offset: 2, length: 1 },
      ],
    ],
    [
      '~a~ ||b||',
      'a b',
      [
        { type: 'strikethrough', offset: 0, length: 1 },
        { type: 'spoiler', offset: 2, length: 1 },
      ],
    ],
    ['`a*b`', 'a*b', [{ type: 'code', offset: 0, length: 3 }]],
    ['```ts\nx\n```', 'x', [{ type: 'pre', offset: 0, length: 1, language: 'ts' }]],
    ['```x```', 'x', [{ type: 'pre', offset: 0, length: 1 }]],
    ['[x](https://e.x/a\\)b)', 'x', [{ type: 'text_link', offset: 0, length: 1, url: 'https://e.x/a)b' }]],
    ['![👍](tg://emoji?id=5)', '👍', [{ type: 'custom_emoji', offset: 0, length: 2, custom_emoji_id: '5' }]],
    ['1\\. a\\-b', '1. a-b', []],
    ['\\\\', '\\', []],
    ['>a\n>b\nc', 'a\nb\nc', [{ type: 'blockquote', offset: 0, length: 3 }]],
    ['>a\n>b||\nc', 'a\nb\nc', [{ type: 'expandable_blockquote', offset: 0, length: 3 }]],
    [
      '>a\n**>b||',
      'a\nb',
      [
        { type: 'blockquote', offset: 0, length: 1 },
        { type: 'expandable_blockquote', offset: 2, length: 1 },
      ],
    ],
    ['x **y', 'x y', []],
  ])('reads %j', (source, text, entities) => expect(markdown(source)).toEqual({ text, entities }));

  it.each([
    ['a.', `Character '.' is reserved and must be escaped with the preceding '\\'`],
    ['a!', `Character '!' is reserved and must be escaped with the preceding '\\'`],
    ['a > b', `Character '>' is reserved and must be escaped with the preceding '\\'`],
    ['é*a', "Can't find end of Bold entity at byte offset 2"],
    ['*_a*_', "Can't find end of Italic entity at byte offset 4"],
    ['`a', "Can't find end of Code entity at byte offset 0"],
    ['```a', "Can't find end of Pre entity at byte offset 0"],
    ['[a](https://e.x', "Can't find end of a URL at byte offset 3"],
    ['[a', "Can't find end of TextUrl entity at byte offset 0"],
    ['![a](https://e.x)', 'Custom emoji URL must have an emoji identifier'],
    ['>*a\nb', "Can't find end of Bold entity at byte offset 1"],
  ])('refuses %j', (source, why) => {
    expect(markdown(source)).toEqual(new Refusal(400, `Bad Request: can't parse entities: ${why}`));
  });
});

describe('parse_mode Markdown', () => {
  it('knows the old rules', () => {
    expect(formatted('*a* [b](https://e.x) `c` \\_', 'Markdown', undefined)).toEqual({
      text: 'a b c _',
      entities: [
        { type: 'bold', offset: 0, length: 1 },
        { type: 'text_link', offset: 2, length: 1, url: 'https://e.x' },
        { type: 'code', offset: 4, length: 1 },
      ],
    });
    expect(formatted('a *b', 'markdown', undefined)).toMatchObject({
      description: "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 2",
    });
  });
});
