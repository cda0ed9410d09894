import { badRequest, type Params, Refusal, textOf } from '../call';
import { cleaned, type FormattedText, givenEntities } from './formatted';
import { parseHtml } from './html';
import { parseMarkdown } from './markdown';
import { parseMarkdownV2 } from './markdown-v2';

const PARSERS: Record<string, (source: string) => FormattedText | Refusal> = {
  html: parseHtml,
  markdown: parseMarkdown,
  markdownv2: parseMarkdownV2,
};

/** Text as Telegram understands it: by `parse_mode` when there is one, else by the entities given beside it. */
export function formatted(source: string, parseMode: unknown, entities: unknown): FormattedText | Refusal {
  const mode = textOf(parseMode).toLowerCase();
  if (!source.isWellFormed()) return badRequest('text must be encoded in UTF-8');
  if (mode === '') {
    const given = givenEntities(source, entities);
    return given instanceof Refusal ? given : cleaned({ text: source, entities: given });
  }
  const parser = Object.hasOwn(PARSERS, mode) ? PARSERS[mode] : undefined;
  if (!parser) return badRequest('unsupported parse_mode');
  const parsed = parser(source);
  return parsed instanceof Refusal ? parsed : cleaned(parsed);
}

/** Telegram counts code points, not UTF-16 units. */
function longerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let points = 0;
  for (const _ of text) points += 1;
  return points > limit;
}

/** `text` of a message, 1–4096 characters after parsing (core.telegram.org/bots/api#sendmessage). */
export function messageText(params: Params): FormattedText | Refusal {
  const source = textOf(params.text);
  if (source === '') return badRequest('message text is empty');
  const parsed = formatted(source, params.parse_mode, params.entities);
  if (parsed instanceof Refusal) return parsed;
  if (parsed.text === '') return badRequest('text must be non-empty');
  return longerThan(parsed.text, 4096) ? badRequest('message is too long') : parsed;
}

/** `caption` of a medium, at most 1024 characters after parsing; as the message carries it. */
export function captionParts(params: Params): { caption?: string; caption_entities?: unknown[] } | Refusal {
  const source = textOf(params.caption);
  if (source === '') return {};
  const parsed = formatted(source, params.parse_mode, params.caption_entities);
  if (parsed instanceof Refusal) return parsed;
  if (longerThan(parsed.text, 1024)) return badRequest('message caption is too long');
  if (parsed.text === '') return {};
  const entities = parsed.entities.length > 0 ? { caption_entities: parsed.entities } : {};
  return { caption: parsed.text, ...entities };
}
