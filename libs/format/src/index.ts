export type { Formatted, MessageEntity, Problem } from './formatted';
export { fromHtml } from './html';
export { fromMarkdown } from './markdown';
export { fromMarkdownV2 } from './markdown-v2';
export { split, type SplitLimits } from './split';
