import { tests as examples } from 'commonmark-spec';
import type { Formatted, MessageEntity } from './formatted';
import { fromMarkdown } from './markdown';

const sections = [
  'Backslash escapes',
  'Entity and numeric character references',
  'Precedence',
  'Inlines',
  'Code spans',
  'Emphasis and strong emphasis',
  'Links',
  'Autolinks',
  'Hard line breaks',
  'Soft line breaks',
  'Textual content',
];

/** What is not as there, by number: of raw HTML we show the source, a message has no white space around it, and so on. */
const others: Record<number, string> = {
  335: 'white space at the end of a line goes, in code as well',
  337: 'white space at the end of a line goes, in code as well',
  640: 'white space at the end of a line goes, in code as well',
  344: 'raw HTML',
  476: 'raw HTML',
  477: 'raw HTML',
  491: 'raw HTML',
  494: 'raw HTML',
  524: 'raw HTML',
  536: 'raw HTML',
  642: 'raw HTML',
  643: 'raw HTML',
  540: 'names of links are compared in lower case, not in all forms that Unicode takes for equal',
};

const styles: Record<string, string> = { em: 'italic', strong: 'bold', code: 'code' };
const decoded = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const plain = (url: string) => {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
};

/** The HTML of an example as Telegram shows it: of styles within themselves one, none in code, and links that lead nowhere as text. */
function asMessage(html: string): Formatted {
  const shown: { char: string; has: Map<string, string | undefined> }[] = [];
  const open: { tag: string; href?: string; at: number }[] = [];
  const show = (text: string) => {
    const tags = open.some(({ tag }) => tag === 'code') ? [{ tag: 'code', href: undefined }] : open;
    const isLink = (href = '') => /^https?:\/\/[^/]+\.[^/]/.test(href);
    const has = tags.flatMap(({ tag, href }): [string, string | undefined][] =>
      tag !== 'a' ? [[styles[tag]!, undefined]] : isLink(href) ? [['text_link', href]] : [],
    );
    for (const char of text.split('')) shown.push({ char, has: new Map(has) });
  };
  for (const [, isEnd, tag, href, text] of html.matchAll(/<(\/?)([a-z]+)(?: href="([^"]*)")?[^>]*>|([^<]+)/g)) {
    if (text !== undefined) show(decoded(text));
    else if (!isEnd && tag !== 'br') open.push({ tag: tag!, href: decoded(href ?? ''), at: shown.length });
    else if (isEnd) {
      const { href: to = '', at } = open.pop()!;
      const label = shown.slice(at).map(({ char }) => char).join(''); // prettier-ignore
      const isItself = [label, `mailto:${label}`].includes(plain(to)) || plain(to) === plain(label);
      if (isItself) for (const { has } of shown.slice(at)) has.delete('text_link');
      else if (tag === 'a' && to !== '' && !/^https?:\/\//.test(to)) show(` (${plain(to)})`);
    }
  }
  while (shown[0]?.char.trim() === '') shown.shift();
  while (shown.at(-1)?.char.trim() === '') shown.pop();
  const entities: MessageEntity[] = [];
  for (const type of ['italic', 'bold', 'code', 'text_link']) {
    let last: MessageEntity | undefined;
    for (const [offset, { has }] of shown.entries()) {
      const url = has.get(type);
      if (!has.has(type)) last = undefined;
      else if (last && last.url === (url && plain(url))) last.length++;
      else entities.push((last = { type, offset, length: 1, ...(url !== undefined && { url: plain(url) }) }));
    }
  }
  return { text: shown.map(({ char }) => char).join(''), entities };
}

const inOrder = ({ text, entities }: Formatted) => ({
  text: plain(text),
  entities: entities
    .map(({ url, ...one }) => ({ ...one, ...(url !== undefined && { url: plain(url) }) }))
    .sort((a, b) => a.offset - b.offset || b.length - a.length || a.type.localeCompare(b.type)),
});

describe('Markdown within a paragraph', () => {
  const ours = examples
    .filter(({ section, html }) => sections.includes(section) && /^<p>(?:(?!<p>|<img|<pre)[^])*<\/p>\n$/.test(html))
    .filter(({ number }) => !(number in others))
    .map(({ number, section, ...example }) => ({ ...example, name: `${number}, ${section}` }));

  it('has hundreds of examples in the specification of CommonMark', () => {
    expect(ours.length).toBeGreaterThan(270);
  });

  it.each(ours)('is shown as CommonMark says: $name', ({ markdown, html }) => {
    const message = asMessage(html.slice(3, -5).replaceAll('<br />\n', '\n').replaceAll('→', '\t'));
    expect(inOrder(fromMarkdown(markdown.replaceAll('→', '\t')))).toEqual(inOrder(message));
  });
});
