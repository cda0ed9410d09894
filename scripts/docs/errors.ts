import { problems, reasons } from '@app/contracts';
import { generated } from './generated';

type Codes<T> = Record<string, T | undefined>;
const problemOf: Codes<{ status: number; title: string; help: string }> = problems;
const reasonOf: Codes<{ means: string; action: string }> = reasons;

/** The text of docs/errors.md. One heading a code, so that `#<code>` finds it from a problem’s `type` and from a log line. */
export const errors = (): string => `${generated}

# Errors

Two closed lists. A **problem** is the \`code\` of an error answer of the HTTP API (RFC 9457,
\`application/problem+json\`): the message was not accepted. A **reason** is why an accepted message was not delivered,
or not yet: it stands in the log, in the metric \`telegramq_attempts_total\` and in the \`x-reason\` header of a
[dead letter](queues.md#dead-letters).

Problems: ${links(problems)}.

Reasons: ${links(reasons)}.

${[...new Set([...Object.keys(problems), ...Object.keys(reasons)])].sort().map(entry).join('\n\n')}
`;

function entry(code: string): string {
  const problem = problemOf[code];
  const reason = reasonOf[code];
  return [
    `## ${code}`,
    ...(problem ? [`Problem, HTTP ${problem.status}. ${problem.title}. ${problem.help}`] : []),
    ...(reason ? [`Reason. ${reason.means} What happens: ${lowerFirst(reason.action)}`] : []),
  ].join('\n\n');
}

const links = (codes: object): string =>
  Object.keys(codes)
    .map((code) => `[\`${code}\`](#${code})`)
    .join(', ');

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
