import type { Sandbox } from '../sandbox';
import { startSandbox } from '../server';
import { APP_SCRIPT } from './app-script';
import { BUBBLE_SCRIPT } from './bubble-script';
import { PAGE } from './page';
import { TEXT_SCRIPT } from './text-script';

/** As much of a document as the page's script builds with; it can only hold text and attributes. */
class FakeNode {
  readonly children: (FakeNode | string)[] = [];
  readonly attributes: Record<string, string> = {};
  readonly classList = { add: () => undefined, toggle: () => true };
  constructor(readonly tag: string) {}
  append(child: FakeNode | string): void {
    this.children.push(child);
  }
  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }
  addEventListener(): void {
    return undefined;
  }
  all(): FakeNode[] {
    return [this, ...this.children.flatMap((child) => (typeof child === 'string' ? [] : child.all()))];
  }
  get text(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.text)).join('');
  }
}

const create = (tag: string) => new FakeNode(tag);
const document = { createElement: create, createElementNS: (_namespace: string, tag: string) => create(tag) };
const script = new Function('document', `${TEXT_SCRIPT}${BUBBLE_SCRIPT}; return { rich, bubble, refusal, el };`)(
  document,
) as {
  rich: (text: string, entities: object[]) => (FakeNode | string)[];
  bubble: (items: object[], manyBots: boolean, say: () => void) => FakeNode;
  refusal: (item: object) => FakeNode;
  el: (tag: string, attributes: object, ...children: unknown[]) => FakeNode;
};
const shown = (text: string, entities: object[]) => script.el('div', {}, script.rich(text, entities));
const item = (message: object) => ({
  kind: 'message',
  edits: 0,
  message: { message_id: 1, date: 1, chat: { id: 5 }, ...message },
});

describe('page', () => {
  let sandbox: Sandbox;
  beforeAll(async () => void (sandbox = await startSandbox()));
  afterAll(() => sandbox.stop());

  it('is served in one piece that may load nothing from elsewhere', async () => {
    const answer = await fetch(`${sandbox.url}/`);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.text()).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    expect(PAGE.replace(/http:\/\/www\.w3\.org\/2000\/svg/g, '')).not.toMatch(/(src|href)="https?:|@import|url\(http/);
  });

  it('comes with its chats, so that it shows them at once, and no text of theirs ends the script that holds them', async () => {
    const text = '</script><script>alert(1)</script>';
    await fetch(`${sandbox.url}/bot1:page/sendMessage`, {
      method: 'POST',
      body: new URLSearchParams({ chat_id: '7', text }),
    });
    const page = await (await fetch(`${sandbox.url}/`)).text();
    const [, view = ''] = /<script type="application\/json" id="first-view">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(view)['/sandbox/chats/7/messages?limit=300']).toMatchObject([{ message: { text } }]);
  });

  it('reads nothing as HTML', () => {
    const source = TEXT_SCRIPT + BUBBLE_SCRIPT + APP_SCRIPT;
    expect(source).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|srcdoc/,
    );
    expect(PAGE).not.toMatch(/ on[a-z]+="/);
    expect(() => new Function(source)).not.toThrow();
  });

  it('shows markup in a message as the letters it is', () => {
    const attack = '<img src=x onerror=alert(1)>';
    for (const node of [
      script.bubble([item({ text: attack, from: { id: 1, first_name: attack } })], true, () => undefined),
      script.bubble([item({ document: { file_name: attack }, caption: attack })], false, () => undefined),
      script.bubble(
        [item({ [attack]: attack, poll: { question: attack, options: [{ text: attack }], total_voter_count: 0 } })],
        false,
        () => undefined,
      ),
      script.refusal({ description: attack, excerpt: attack, method: 'sendMessage', date: 1, error_code: 400 }),
    ]) {
      expect(node.text).toContain(attack);
      expect(node.all().map(({ tag }) => tag)).not.toContain('img');
    }
  });

  it('links only where a link cannot run', () => {
    const links = (url: string) =>
      shown('x', [{ type: 'text_link', offset: 0, length: 1, url }])
        .all()
        .filter(({ tag }) => tag === 'a');
    expect(links('https://e.x/').map(({ attributes }) => attributes.href)).toEqual(['https://e.x/']);
    for (const url of ['javascript:alert(1)', ' javascript:alert(1)', 'JaVaScRiPt:x', 'data:text/html,x', '//e.x'])
      expect(links(url)).toEqual([]);
    const keys = { inline_keyboard: [[{ text: 'x', url: 'javascript:alert(1)' }]] };
    expect(
      script
        .bubble([item({ text: 'x', reply_markup: keys })], false, () => undefined)
        .all()
        .map(({ tag }) => tag),
    ).not.toContain('a');
  });

  it('nests formatting, also where it overlaps, and loses no letter', () => {
    const text = 'abcdefgh';
    const node = shown(text, [
      { type: 'bold', offset: 0, length: 4 },
      { type: 'italic', offset: 2, length: 4 },
      { type: 'code', offset: 7, length: 1 },
    ]);
    expect(node.text).toBe(text);
    const parts = node.all().map((one) => [one.tag, one.text]);
    expect(parts).toEqual([
      ['div', text],
      ['strong', 'abcd'],
      ['em', 'cd'],
      ['em', 'ef'],
      ['code', 'h'],
    ]);
  });
});
