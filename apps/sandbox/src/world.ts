import type { Chats } from './chats';
import type { Limiter } from './limits';
import type { Files } from './methods/media';

/** Everything that a method can look at or change. */
export interface World {
  chats: Chats;
  limits: Limiter;
  files: Files;
}
