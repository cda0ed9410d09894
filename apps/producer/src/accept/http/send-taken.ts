import type { FastifyReply } from 'fastify';
import { toQueued } from '../queued';
import type { Taken } from '../taken';
import { sendProblem } from './problem.filter';

/** Answers with what a request has become, as an array where it was one; or with why it has become nothing. */
export function sendTaken(reply: FastifyReply, taken: Taken, isArray = false): void {
  if ('problem' in taken) return sendProblem(reply, taken.problem, taken.detail, taken.errors);
  const queued = taken.commands.map(toQueued);
  void reply.status(202);
  if (taken.replayed) void reply.header('idempotency-replayed', 'true');
  if (isArray) void reply.send(queued);
  else void reply.header('location', `/v1/messages/${queued[0]?.id}`).send(queued[0]);
}
