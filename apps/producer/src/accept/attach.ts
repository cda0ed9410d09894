import {
  attachedField,
  filesIn,
  isFileParameter,
  type FieldError,
  type MessageFile,
  type SendMessage,
} from '@app/contracts';

/** The command with those of the files that it refers to; or which of its fields refers to none of them. */
export function attachFiles(command: SendMessage, given: readonly MessageFile[]): SendMessage | FieldError {
  const files = [...(command.files ?? []), ...given];
  const wanted = new Set<string>();
  for (const { path, value } of usesOf(command)) {
    const field = attachedField(value);
    if (field === undefined) continue;
    if (files.some((file) => file.field === field)) wanted.add(field);
    // What stands under a name that nobody knows may be a text like any other.
    else if (isFileParameter(path.findLast((part) => typeof part === 'string'))) {
      return { field: path.join('.'), message: 'must refer to a file of the form: there is none of that name' };
    }
  }
  if (wanted.size === 0) return command;
  return { ...command, version: command.version === 4 ? 4 : 3, files: files.filter(({ field }) => wanted.has(field)) };
}

/** Every place where a command names a file, whichever of its calls it is in. */
export const usesOf = ({ payload, rest = [] }: Pick<SendMessage, 'payload' | 'rest'>) =>
  [payload, ...rest.map((part) => part.payload)].flatMap((parameters) => filesIn(parameters));
