import type { Params } from 'nestjs-pino';
import { stdout } from 'node:process';

/** Pino's number of the level `info`. */
const infoLevel = 30;

/**
 * Structured JSON lines, pretty on a terminal. No route gets pino's middleware: the apps log what they do to a message,
 * not each request.
 */
export const logging = (app: string, level: string): Params => ({
  pinoHttp: {
    level,
    base: { app },
    hooks: {
      logMethod(parameters, method, number) {
        if (number > infoLevel || this.isLevelEnabled('debug') || !isChatter(parameters[0]))
          method.apply(this, parameters);
      },
    },
    redact: { paths: ['authorization', '*.authorization', '*.*.authorization'], censor: '[secret]' },
    ...(stdout.isTTY && {
      transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname' } },
    }),
  },
  forRoutes: [],
});

/** Nest's own account of how it puts itself together: thirty lines at every start that tell an operator nothing. */
const chatter = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory']);

function isChatter(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && 'context' in fields && chatter.has(fields.context as string);
}
