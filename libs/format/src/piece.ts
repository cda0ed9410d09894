import type { Style } from './formatted';

/** A stretch of a text, with what ends in front of what is left of it and what begins behind. */
export interface Piece {
  text: string;
  /** Is written as it stands: of code, its style. */
  code?: Style;
  /** The outermost last. */
  begins?: Style[];
  ends?: string[];
  /** Where Telegram takes no such link, the address is shown there. */
  shownAfter?: string;
}
