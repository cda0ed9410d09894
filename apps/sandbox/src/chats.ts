import { badRequest, type ChatId, chatIdOf, forbidden, Refusal } from './call';
import { type Message, Timeline, type TimelineItem } from './timeline';

export const CHAT_STATES = ['open', 'blocked', 'kicked', 'deactivated', 'not_found', 'migrated', 'no_rights'] as const;
export const CHAT_TYPES = ['private', 'group', 'supergroup', 'channel'] as const;

/** What the control API can say about a chat. */
export interface ChatSettings {
  type?: (typeof CHAT_TYPES)[number];
  title?: string;
  username?: string;
  /** Whether and why Telegram refuses calls for it. Default `open`. */
  state?: (typeof CHAT_STATES)[number];
  /** With `migrated`: the supergroup that took over. */
  migrate_to_chat_id?: number;
  /** Topics that do not exist: "message thread not found". */
  missing_threads?: number[];
  /** Messages that do not exist, for replies, copies and edits. */
  missing_messages?: number[];
}

export interface Chat extends Required<Pick<ChatSettings, 'type' | 'state' | 'missing_threads' | 'missing_messages'>> {
  id: number;
  title: string;
  username?: string;
  migrate_to_chat_id?: number;
  timeline: Timeline;
}

/** Ids at or below this belong to supergroups and channels. */
const CHANNEL_IDS = -1_000_000_000_000;

/** A chat that is only known as `@name` still has a number in Telegram's answers: one made from the name. */
function numberOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_000_000;
  return CHANNEL_IDS - 1_000_000_000 - hash;
}

const typeOf = (id: number): Chat['type'] => (id > 0 ? 'private' : id > CHANNEL_IDS ? 'group' : 'supergroup');

/** The chats that were written to or set up, the most recently active last. */
export class Chats {
  private readonly chats = new Map<number, Chat>();
  private readonly names = new Map<string, number>();

  /** The chats of the last items, in a ring: what it overwrites is dropped from its chat. */
  private readonly recorded: (Chat | undefined)[] = [];
  private items = 0;

  constructor(
    private readonly maxChats = 200_000,
    private readonly maxItems = 50_000,
  ) {}

  /** The chat, made on first mention; `undefined` when the id could be no chat's. */
  open(id: ChatId): Chat | undefined {
    const number = this.resolve(id);
    if (number === undefined) return undefined;
    return (
      this.chats.get(number) ??
      this.create(number, typeof id === 'string' && id.startsWith('@') ? id.slice(1) : undefined)
    );
  }

  /** The chat, if it was mentioned before. */
  find(id: ChatId): Chat | undefined {
    const number = this.resolve(id);
    return number === undefined ? undefined : this.chats.get(number);
  }

  configure(id: ChatId, settings: ChatSettings): Chat | undefined {
    const chat = this.open(id);
    if (!chat) return undefined;
    Object.assign(chat, settings);
    if (settings.username) this.names.set(settings.username.toLowerCase(), chat.id);
    return chat;
  }

  /** Adds to the chat what happened in it, which makes it the most recently active. */
  record(chat: Chat, item: TimelineItem): void {
    chat.timeline.add(item);
    const slot = this.items++ % this.maxItems;
    this.recorded[slot]?.timeline.dropOldest();
    this.recorded[slot] = chat;
    this.chats.delete(chat.id);
    this.chats.set(chat.id, chat);
  }

  /** The most recently active first. */
  recent(limit: number): Chat[] {
    return Array.from(this.chats.values()).slice(-limit).reverse();
  }

  get size(): number {
    return this.chats.size;
  }

  clear(): void {
    this.chats.clear();
    this.names.clear();
    this.recorded.length = 0;
    this.items = 0;
  }

  private resolve(id: ChatId): number | undefined {
    const known = chatIdOf(id);
    if (typeof known === 'number') return known === 0 || !Number.isSafeInteger(known) ? undefined : known;
    const name = /^@(\w{3,64})$/.exec(known ?? '')?.[1]?.toLowerCase();
    return name === undefined ? undefined : (this.names.get(name) ?? numberOf(name));
  }

  private create(id: number, username: string | undefined): Chat {
    const type = username ? 'channel' : typeOf(id);
    const title = username ? `@${username}` : type === 'private' ? `User ${id}` : `Group ${-id}`;
    const chat: Chat = {
      id,
      type,
      title,
      username,
      state: 'open',
      missing_threads: [],
      missing_messages: [],
      timeline: new Timeline(),
    };
    if (this.chats.size >= this.maxChats) this.chats.delete(this.chats.keys().next().value ?? id);
    this.chats.set(id, chat);
    return chat;
  }
}

/** The `chat` object of Telegram's answers. */
export function chatView({ id, type, title, username }: Chat): Message['chat'] {
  const name = type === 'private' ? { first_name: title } : { title };
  return { id, type, ...name, ...(username ? { username } : {}) };
}

/** Why Telegram refuses any call for this chat, if it does. */
export function accessRefusal({ state, type, migrate_to_chat_id }: Chat): Refusal | undefined {
  switch (state) {
    case 'open':
      return undefined;
    case 'blocked':
      return forbidden('bot was blocked by the user');
    case 'kicked':
      return forbidden(`bot was kicked from the ${type === 'private' ? 'group' : type} chat`);
    case 'deactivated':
      return forbidden('user is deactivated');
    case 'not_found':
      return badRequest('chat not found');
    case 'no_rights':
      return badRequest('have no write access to the chat');
    case 'migrated':
      return new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id });
  }
}
