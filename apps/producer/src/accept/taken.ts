import type { FieldError, ProblemCode, SendMessage } from '@app/contracts';

/** Why what came in is not taken. */
export interface Refused {
  problem: ProblemCode;
  detail?: string;
  errors?: FieldError[];
}

/** The commands that stand for a request, and whether an earlier one has made them; or why there are none. */
export type Taken = { commands: SendMessage[]; replayed: boolean } | Refused;
