import { type Fault, FAULT_KINDS, type FaultSpec } from '../faults';
import type { Fields } from './check';

/** Reads the body of `POST /sandbox/faults`. */
export function faultSpec(fields: Fields): FaultSpec {
  const match = fields.object('match');
  const fault = fields.object('fault');
  const endless = fields.isNull('times');
  const spec: FaultSpec = {
    match: {
      method: match.text('method'),
      chat_id: match.chatId('chat_id'),
      text: match.text('text'),
      bot: match.text('bot'),
    },
    times: endless ? null : (fields.integer('times', 1) ?? 1),
    after: fields.integer('after', 0) ?? 0,
    fault: readFault(fault),
  };
  for (const inner of [match, fault]) {
    inner.strangers();
    fields.errors.push(...inner.errors);
  }
  return spec;
}

function readFault(fields: Fields): Fault {
  const kind = fields.oneOf('kind', FAULT_KINDS);
  const processed = kind === 'slow' ? undefined : fields.flag('processed');
  switch (kind) {
    case undefined:
      if (!fields.has('kind')) fields.wrong('kind', `is needed: one of ${FAULT_KINDS.join(', ')}`);
      return { kind: 'hang' };
    case 'code': {
      const error_code = fields.integer('error_code', 400);
      if (!fields.has('error_code')) fields.wrong('error_code', 'is needed');
      return {
        kind,
        processed,
        error_code: error_code ?? 500,
        description: fields.text('description'),
        retry_after: fields.integer('retry_after', 0),
        migrate_to_chat_id: fields.integer('migrate_to_chat_id'),
      };
    }
    case 'slow':
      if (!fields.has('ms')) fields.wrong('ms', 'is needed: milliseconds');
      return { kind, ms: fields.integer('ms', 0) ?? 0 };
    case 'html':
      return { kind, processed, status: fields.integer('status', 200), body: fields.text('body') };
    default:
      return { kind, processed };
  }
}
