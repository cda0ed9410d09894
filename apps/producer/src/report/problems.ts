import type { ProblemCode } from '@app/contracts';
import { Problems } from '../accept/http/messages.dto';

/** The problems of an endpoint that asks the ledger, beside those of its own. */
export const LedgerProblems = (...codes: ProblemCode[]) =>
  Problems(...codes, 'unauthorized', 'internal', 'ledger_unavailable');
