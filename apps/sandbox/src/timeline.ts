import type { MessageEntity } from './parse/formatted';

/** A message as the Bot API returns it; the parts that the sandbox itself reads are named. */
export interface Message {
  message_id: number;
  date: number;
  chat: { id: number; type: string; title?: string; first_name?: string; username?: string };
  text?: string;
  entities?: MessageEntity[];
  caption?: string;
  caption_entities?: MessageEntity[];
  reply_markup?: unknown;
  [part: string]: unknown;
}

/** A message in a chat, with what a reader of the chat would see around it. */
export interface SentMessage {
  kind: 'message';
  method: string;
  message: Message;
  /** Sent with `disable_notification`. */
  silent: boolean;
  edits: number;
  deleted: boolean;
  pinned: boolean;
  /** A reply keyboard, or a request to remove it or to reply; inline keyboards are part of the message. */
  keyboard?: unknown;
}

/** A call for this chat that Telegram refused. */
export interface RefusedCall {
  kind: 'refused';
  /** Its place in the journal. */
  seq: number;
  method: string;
  date: number;
  error_code: number;
  description: string;
  /** The beginning of what should have been sent. */
  excerpt: string;
}

export type TimelineItem = SentMessage | RefusedCall;

const MAX_ITEMS = 1000;

/** What happened in one chat, oldest first; only the last {@link MAX_ITEMS} are held. */
export class Timeline {
  readonly items: TimelineItem[] = [];
  private readonly byId = new Map<number, SentMessage>();
  private lastId = 0;
  /** Messages ever sent here. */
  sent = 0;

  nextId(): number {
    return ++this.lastId;
  }

  add(item: TimelineItem): void {
    this.items.push(item);
    if (item.kind === 'message') {
      this.byId.set(item.message.message_id, item);
      this.sent += 1;
    }
    if (this.items.length > MAX_ITEMS) this.dropOldest();
  }

  find(messageId: number): SentMessage | undefined {
    return this.byId.get(messageId);
  }

  dropOldest(): void {
    const item = this.items.shift();
    if (item?.kind === 'message') this.byId.delete(item.message.message_id);
  }
}
