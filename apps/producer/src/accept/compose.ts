import { limits, maxCallBytes, type FieldError, type MessageFile, type Part } from '@app/contracts';
import { split, type Formatted } from '@app/format';
import { asDocument, type Writing } from './text-document';
import { caption, only, readText, text, without, withText, type Payload, type Slot } from './written-text';

/** The calls that a message takes, and what had to be changed for that. */
export interface Composed {
  method: string;
  payload: Payload;
  rest?: Part[];
  /** What to send instead where the server does not know the method. */
  fallback?: Part[];
  files?: MessageFile[];
  degradations?: string[];
}

/** What of a call also holds for the texts that follow it. */
const shared = [
  ...['chat_id', 'message_thread_id', 'direct_messages_topic_id', 'business_connection_id'],
  ...['disable_notification', 'protect_content', 'allow_paid_broadcast'],
];
/** What is for the first part of a text alone; its keyboard is for the last. */
const forFirst = ['reply_parameters', 'reply_to_message_id', 'message_effect_id', 'suggested_post_parameters'];

/**
 * Makes the calls of a message: reads its text or captions as they are written, and parts what is longer than Telegram
 * takes. What Telegram takes as it stands stays as it stands.
 */
export function compose(method: string, payload: Payload, writing: Writing): Composed | FieldError {
  if (isText.test(method)) {
    return writing.format === 'rich' ? composeRich(method, payload, writing) : composeText(method, payload, writing);
  }
  if (typeof payload.text === 'string' && Buffer.byteLength(payload.text) > maxCallBytes) {
    return { field: 'text', message: 'must be at most 1 MiB: the text of this method is not split' };
  }
  const captions = new Captions(writing, /^(send|copy)/i.test(method));
  const [filled, items] = [captions.fit(payload, []), captions.fitItems(payload.media)];
  if (captions.error) return captions.error;
  const own = { method, payload: items === payload.media ? filled : { ...filled, media: items } };
  if (captions.left.length > 0 && writing.overflow === 'document') {
    const document = asDocument(only(payload, shared), captions.whole.join('\n\n'), writing);
    return { ...own, rest: [{ ...document.call, replies: true }], files: [document.file] };
  }
  const rest = captions.left.map((part) => ({
    ...{ method: 'sendMessage', payload: withText(only(payload, shared), part, text) },
    replies: true as const,
  }));
  return {
    ...own,
    ...(rest.length > 0 && { rest }),
    ...(captions.isPlain && { degradations: ['plain_text'] }),
  };
}

/** RabbitMQ takes messages of up to 16 MiB; formatting alone can make a text larger that is within the limits of a body. */
const maxCommandBytes = 12 * 1024 * 1024;
/** Fewer parts cannot be as large: none has more than 4096 units and 100 entities. */
const manyParts = 200;

const isText = /^(sendMessage|sendMessageDraft|editMessageText)$/i;

function composeText(method: string, payload: Payload, writing: Writing): Composed | FieldError {
  const read = readText(payload, text, writing.format);
  if (read === undefined) return { method, payload };
  if ('problem' in read) return { field: 'text', message: read.problem };
  const parts = split(read);
  if (parts.length === 0) return { field: 'text', message: 'must show some text' };
  const canSplit = /^sendMessage$/i.test(method);
  if (parts.length > 1 && (writing.overflow === 'reject' || !canSplit)) return tooLong('text', text, read);
  if (parts.length > 1 && writing.overflow === 'document') {
    const { call, file } = asDocument(without(payload, ofText), String(payload.text), writing);
    return { ...call, files: [file] };
  }
  const calls = parts.map((part, at) => {
    const own = at === 0 ? payload : without(payload, forFirst);
    return { method, payload: withText(at < parts.length - 1 ? without(own, ['reply_markup']) : own, part, text) };
  });
  const [first, ...rest] = calls;
  if (rest.length > manyParts && Buffer.byteLength(JSON.stringify(calls)) > maxCommandBytes) {
    return {
      field: 'text',
      message: 'must be shorter, or have less formatting: its parts are too large for the broker',
    };
  }
  return {
    ...first!,
    ...(rest.length > 0 && { rest }),
    ...(read.degradation && { degradations: [read.degradation] }),
  };
}

/** What is of no use beside a document or a rich message that carries all of the text. */
const ofText = ['text', 'parse_mode', 'entities', 'link_preview_options'];

/** Telegram itself reads the Markdown of a rich message; servers and clients that do not know it get its text. */
function composeRich(method: string, payload: Payload, writing: Writing): Composed | FieldError {
  const simple = composeText(method, payload, writing);
  if ('field' in simple || typeof payload.text !== 'string') return simple;
  if (payload.text.length > limits.rich) return { ...simple, degradations: ['not_rich'] };
  const { rest = [], ...first } = simple;
  return {
    method: richMethods[method.toLowerCase()]!,
    payload: { ...without(payload, ofText), rich_message: { markdown: payload.text } },
    fallback: [{ method: first.method, payload: first.payload }, ...rest],
    ...(simple.files && { files: simple.files }),
  };
}

const richMethods: Readonly<Record<string, string>> = {
  sendmessage: 'sendRichMessage',
  sendmessagedraft: 'sendRichMessageDraft',
  editmessagetext: 'editMessageText',
};

/** Fits the captions of one call, and keeps what is left over of them. */
class Captions {
  readonly left: Formatted[] = [];
  /** Those that are too long, as they were written. */
  readonly whole: string[] = [];
  error: FieldError | undefined;
  isPlain = false;

  constructor(
    private readonly writing: Writing,
    private readonly canSplit: boolean,
  ) {}

  fit(payload: Payload, path: string[]): Payload {
    const read = readText(payload, caption, this.writing.format);
    if (read === undefined) return payload;
    const field = [...path, 'caption'].join('.');
    if ('problem' in read) {
      this.error ??= { field, message: read.problem };
      return payload;
    }
    this.isPlain ||= read.degradation !== undefined;
    const [first = { text: '', entities: [] }, ...others] = split(read, { first: caption.limit });
    if (others.length > 0 && (this.writing.overflow === 'reject' || !this.canSplit)) {
      this.error ??= tooLong(field, caption, read);
    }
    this.left.push(...others);
    if (others.length > 0) this.whole.push(String(payload.caption));
    return withText(payload, first, caption);
  }

  /** The items of an album, or the medium of an edit. */
  fitItems(media: unknown): unknown {
    if (Array.isArray(media)) {
      const items = media.map((item: unknown, at) => (isObject(item) ? this.fit(item, ['media', `${at}`]) : item));
      return items.some((item, at) => item !== media[at]) ? items : media;
    }
    return isObject(media) ? this.fit(media, ['media']) : media;
  }
}

const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const tooLong = (field: string, { limit }: Slot, read: Formatted): FieldError => ({
  field,
  message: `must be at most ${limit} UTF-16 units and 100 entities long; it has ${read.text.length} and ${read.entities.length}`,
});
