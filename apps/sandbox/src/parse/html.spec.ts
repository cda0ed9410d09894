import { Refusal } from '../call';
import { formatted } from './formatting';

const html = (source: string) => formatted(source, 'HTML', undefined);

describe('parse_mode HTML', () => {
  it.each<[string, string, object[]]>([
    ['<b>a</b>', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
    ['<STRONG>a</STRONG>', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
    [
      '<b>a<i>b</i></b>',
      'ab',
      [
        { type: 'bold', offset: 0, length: 2 },
        { type: 'italic', offset: 1, length: 1 },
      ],
    ],
    ['<b></b>x', 'x', []],
    ['<b>x</>', 'x', [{ type: 'bold', offset: 0, length: 1 }]],
    ['👍<u>x</u>', '👍x', [{ type: 'underline', offset: 2, length: 1 }]],
    ['&lt;b&gt; &amp; &quot; &#39; &#x41; &nbsp; &apos;', '<b> & " \' A &nbsp; &apos;', []],
    ['<span class="tg-spoiler">x</span>', 'x', [{ type: 'spoiler', offset: 0, length: 1 }]],
    [
      "<a href='https://e.x/?a=1&amp;b=2'>x</a>",
      'x',
      [{ type: 'text_link', offset: 0, length: 1, url: 'https://e.x/?a=1&b=2' }],
    ],
    ['<a href="javascript:alert(1)">x</a>', 'x', []],
    [
      '<a href="tg://user?id=7">x</a>',
      'x',
      [expect.objectContaining({ type: 'text_mention', user: expect.objectContaining({ id: 7 }) })],
    ],
    ['<pre><code class="language-ts">x</code></pre>', 'x', [{ type: 'pre', offset: 0, length: 1, language: 'ts' }]],
    ['<pre>x</pre>', 'x', [{ type: 'pre', offset: 0, length: 1 }]],
    ['<code>a<b>b</b></code>', 'ab', [{ type: 'code', offset: 0, length: 2 }]],
    ['<blockquote expandable>x</blockquote>', 'x', [{ type: 'expandable_blockquote', offset: 0, length: 1 }]],
    [
      '<tg-emoji emoji-id="123">👍</tg-emoji>',
      '👍',
      [{ type: 'custom_emoji', offset: 0, length: 2, custom_emoji_id: '123' }],
    ],
    ['  <b> x </b>  ', 'x', [{ type: 'bold', offset: 0, length: 1 }]],
    ['a > b', 'a > b', []],
  ])('reads %s', (source, text, entities) => expect(html(source)).toEqual({ text, entities }));

  it.each([
    ['<b>x', `Can't find end tag corresponding to start tag "b"`],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['é<div>x</div>', 'Unsupported start tag "div" at byte offset 2'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['<b', 'Unclosed start tag at byte offset 0'],
    ['<b>x</b', 'Unclosed end tag at byte offset 4'],
    ['<a href="x', 'Unclosed start tag "a" at byte offset 3'],
    ['<a href=a/b>x</a>', 'Unexpected end of name token at byte offset 9'],
    ['<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 3'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('refuses %s', (source, why) => {
    expect(html(source)).toEqual(new Refusal(400, `Bad Request: can't parse entities: ${why}`));
  });
});
