import { problems, type FieldError, type Problem, type ProblemCode } from '@app/contracts';
import { LedgerAway } from '@app/ledger';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** Seconds after which a refused request may be sent again; the apps look for a lost broker every second. */
export const retryAfterSeconds = 2;

/** Answers with one of the listed problems as RFC 9457's `application/problem+json`. */
export function sendProblem(reply: FastifyReply, code: ProblemCode, detail?: string, errors?: FieldError[]): void {
  const { status } = problems[code];
  if (status === 503) void reply.header('retry-after', retryAfterSeconds);
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply
    .status(status)
    .type('application/problem+json')
    .send(problemOf(code, detail, errors));
}

export function problemOf(code: ProblemCode, detail?: string, errors?: FieldError[]): Problem {
  const { status, title, help } = problems[code];
  return {
    type: `urn:telegramq:problem:${code}`,
    title,
    status,
    code,
    detail: detail ?? help,
    ...(errors && { errors }),
  };
}

/** What Fastify and Nest refuse by themselves, by HTTP status. Only their 4xx say something that a caller may read. */
const codeOf: Partial<Record<number, ProblemCode>> = {
  400: 'invalid_body',
  401: 'unauthorized',
  403: 'cross_site_form',
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

/** Turns everything that was thrown on the way into a problem; a bug shows as `internal`, its cause in the log only. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof LedgerAway) return sendProblem(reply, 'ledger_unavailable');
    const status = statusOf(error);
    if (status >= 500) {
      this.logger.error(error instanceof Error ? error.stack : error);
      return sendProblem(reply, 'internal');
    }
    // Nest’s words for a 404 repeat the address, which may hold a bot’s token.
    sendProblem(reply, codeOf[status] ?? 'bad_request', status === 404 ? undefined : (error as Error).message);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
