import type { CallAnswer } from '@app/contracts';
import type { Refused } from '../taken';
import { comeBackSeconds, later, refusal } from './send-answer';

/** Why a form is not taken, as Telegram would say it. */
export function answerOfRefused({ problem, detail, errors }: Refused): CallAnswer {
  if (problem === 'payload_too_large') return refusal(413, 'Request Entity Too Large');
  if (problem === 'files_unavailable') return later(comeBackSeconds);
  const [first] = errors ?? [];
  return refusal(
    400,
    `Bad Request: ${first ? `${first.field} ${first.message}`.trim() : (detail ?? "can't parse the form")}`,
  );
}
