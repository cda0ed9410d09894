import { chatLines } from '../control/routes';
import type { Sandbox } from '../sandbox';

/** Chats whose messages come with the page; the page asks for those of any other. */
const CHATS = 20;

/**
 * What the page would ask for first, by address, so that it shows the chats at once: also to a tool that takes a picture
 * as soon as the page has loaded.
 */
export function firstView(sandbox: Sandbox): Record<string, unknown> {
  const recent = sandbox.chats.recent(CHATS);
  return {
    '/sandbox/journal/count': sandbox.calls.count(),
    '/sandbox/chats?limit=200': chatLines(sandbox, 200),
    ...Object.fromEntries(
      recent.map(({ id, timeline }) => [`/sandbox/chats/${id}/messages?limit=300`, timeline.items.slice(-300)]),
    ),
  };
}
