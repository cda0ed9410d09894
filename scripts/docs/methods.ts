import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What the Bot API's server takes besides what its documentation says (telegram-bot-api, Client.cpp). */
const alsoTaken: Record<string, Record<string, string>> = {
  // The types forget that it is an array.
  editStory: { areas: 'StoryArea[]' },
  // An option of a poll may be a plain text, as it had to be before Bot API 7.3.
  sendPoll: { options: '(InputPollOption|String)[] 1..12' },
  // Of a mentioned user the server reads the id alone; and it passes over entities whose type it does not know.
  User: { is_bot: '?', first_name: '?' },
  // Documented as optional.
  'MessageEntity.DateTimeMessageEntity': { date_time_format: '?' },
};

/** Unions in which an unknown kind is passed over by Telegram, and not refused. */
const openUnions = new Set(['MessageEntity']);

/** Numbers that need not be whole; the types do not tell. Each is `Float` in Telegram's documentation. */
const floats = new RegExp(
  [
    '\\.(latitude|longitude|horizontal_accuracy|x_shift|y_shift|scale|temperature|rotation_angle)$',
    '_percentage$|_frame_timestamp$|^InputStoryContentVideo\\.duration$',
  ].join('|'),
);

/**
 * Sets of texts that Telegram is held to: those that decide how the rest is read. All others grow without a new method
 * (emoji, actions, styles, languages, currencies, formats, …), so any text passes there.
 */
const closedSets = /parse_mode$|^sendPoll\.type$|^MessageEntity\.CommonMessageEntity\.type$/;

/**
 * The text of libs/contracts/src/methods/methods.json: parameters of every method, and of the objects in them, as the
 * types of @grammyjs/types and their comments tell. The notation is explained in libs/contracts/src/methods/types.ts.
 */
export function methodsJson(): string {
  const folder = path.dirname(require.resolve('@grammyjs/types/package.json'));
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  const { methods, types } = new Reader(folder).read();
  const lines = (of: Record<string, unknown>) =>
    Object.keys(of)
      .sort()
      .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(of[name])}`)
      .join(',\n');
  return `{\n"source": "@grammyjs/types ${version}",\n"methods": {\n${lines(methods)}\n},\n"types": {\n${lines(types)}\n}\n}\n`;
}

type Fields = Record<string, string>;

class Reader {
  private readonly checker: ts.TypeChecker;
  private readonly types: Record<string, Fields | string> = {};
  /** Names of unions, by their members. */
  private readonly unions = new Map<string, string>();
  private readonly root: ts.SourceFile;
  private readonly sources: readonly ts.SourceFile[];

  constructor(folder: string) {
    // `F`, the library's placeholder for a file, is given a type of its own to be known by.
    const name = path.join(folder, 'methods.ts');
    const text = `import type { ApiMethods } from './methods.js';
      interface Upload { readonly upload: unique symbol }
      export declare const methods: ApiMethods<Upload>;`;
    const options: ts.CompilerOptions = { strict: true, moduleResolution: ts.ModuleResolutionKind.Node10, types: [] };
    const host = ts.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (file, ...rest) =>
      file === name ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) : getSourceFile(file, ...rest);
    const program = ts.createProgram([name], options, host);
    this.checker = program.getTypeChecker();
    this.root = program.getSourceFile(name)!;
    this.sources = program.getSourceFiles().filter(({ fileName }) => path.dirname(fileName) === folder);
  }

  read() {
    const [variable] = this.checker.getExportsOfModule(this.checker.getSymbolAtLocation(this.root)!);
    this.nameUnions();
    const methods: Record<string, Fields> = {};
    for (const method of this.checker.getTypeOfSymbol(variable!).getProperties()) {
      const [signature] = this.checker.getTypeOfSymbol(method).getCallSignatures();
      const [args] = signature!.getParameters();
      methods[method.name] = args ? this.fields(this.checker.getTypeOfSymbol(args), method.name) : {};
    }
    return { methods, types: this.types };
  }

  /** Which unions have a name, since the compiler forgets it where a union is optional. */
  private nameUnions(): void {
    for (const source of this.sources) {
      for (const statement of source.statements) {
        if (!ts.isTypeAliasDeclaration(statement)) continue;
        const type = this.checker.getTypeAtLocation(statement.name);
        if (type.isUnion() && objectsOf(type).length > 1) this.unions.set(membersOf(type), statement.name.text);
      }
    }
  }

  private fields(type: ts.Type, owner: string): Fields {
    const fields: Fields = {};
    for (const property of this.checker.getNonNullableType(type).getApparentProperties()) {
      const changed = alsoTaken[owner]?.[property.name];
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0 || changed === '?';
      const about = ts.displayPartsToString(property.getDocumentationComment(this.checker));
      const written = this.write(this.checker.getTypeOfSymbol(property), `${owner}.${property.name}`);
      const range = rangeIn(about, written).replace(/ 0\.\.$/, optional ? '' : '$&');
      fields[property.name + (optional ? '?' : '')] = (changed ?? '?') === '?' ? written + range : changed!;
    }
    return fields;
  }

  /** A type in the notation. @param at `<owner>.<property>` that has it. */
  private write(given: ts.Type, at: string): string {
    const type = this.checker.getNonNullableType(given);
    const { flags } = type;
    if (
      flags & ts.TypeFlags.BooleanLike ||
      (type.isUnion() && type.types.every((one) => one.flags & ts.TypeFlags.BooleanLike))
    )
      return 'Boolean';
    if (flags & ts.TypeFlags.NumberLike) return floats.test(at) ? 'Float' : 'Integer';
    if (flags & ts.TypeFlags.StringLiteral) return `'${(type as ts.StringLiteralType).value}'`;
    if (flags & ts.TypeFlags.StringLike || type.isIntersection()) return 'String';
    if (this.checker.isArrayType(type)) return this.array(this.checker.getTypeArguments(type as ts.TypeReference), at);
    if (type.isUnion()) return this.union(type, at);
    const name = type.symbol.name === '__type' ? at : nameOf(type);
    if (name === 'Upload') return 'File';
    if (!(name in this.types)) {
      this.types[name] = {};
      this.types[name] = this.fields(type, name);
    }
    return name;
  }

  private array(of: readonly ts.Type[], at: string): string {
    const item = this.write(of[0]!, at);
    return item.includes('|') ? `(${item})[]` : `${item}[]`;
  }

  private union(type: ts.UnionType, at: string): string {
    const named = this.unions.get(membersOf(type));
    if (named && named in this.types) return named;
    if (named) this.types[named] = '';
    const written = [...new Set(type.types.map((one) => this.write(one, at)))].sort();
    const text = this.simplify(written, at);
    if (!named) return text;
    this.types[named] = openUnions.has(named) ? `${text}|…` : text;
    return named;
  }

  private simplify(written: string[], at: string): string {
    if (written.includes('File')) return 'File';
    if (written.join() === 'Integer,String') return at.endsWith('chat_id') ? 'ChatId' : 'Integer|String';
    if (written.every((one) => one.startsWith("'"))) return closedSets.test(at) ? written.join('|') : 'String';
    if (written.some((one) => one.startsWith("'"))) return 'String';
    if (written.every((one) => one.endsWith('[]')))
      return `(${written.map((one) => one.replace(/^\(?(.*?)\)?\[\]$/, '$1')).join('|')})[]`;
    return written.join('|');
  }
}

const objectsOf = (type: ts.UnionType) => type.types.filter(({ flags }) => flags & ts.TypeFlags.Object);

const membersOf = (type: ts.UnionType) =>
  type.types
    .filter(({ flags }) => !(flags & ts.TypeFlags.Undefined))
    .map((one) => (one.symbol ? nameOf(one) : String(one.flags)))
    .sort()
    .join();

/** With the namespace that it stands in. */
function nameOf({ symbol }: ts.Type): string {
  const { parent } = symbol as ts.Symbol & { parent?: ts.Symbol };
  return parent && parent.flags & ts.SymbolFlags.Namespace && !parent.name.startsWith('"')
    ? `${parent.name}.${symbol.name}`
    : symbol.name;
}

/** How long a text or an array may be, where the comment of a parameter says so. */
function rangeIn(about: string, written: string): string {
  if (written.endsWith('[]')) {
    const [, least, most] =
      /(?:list of|must include) (\d+)-(\d+) /i.exec(about) ?? /()up to (\d+) items/.exec(about) ?? [];
    return most ? ` ${least || 1}..${most}` : '';
  }
  if (written !== 'String') return '';
  const [, least, most, unit] = /(\d+)-(\d+) (bytes|characters)/i.exec(about) ?? [];
  if (!most) return /empty string/i.test(about) ? ' 0..' : '';
  // Only Telegram knows how long a text is once its entities are parsed.
  if (/after entit(ies|y) parsing/.test(about)) return ` ${least}..`;
  return ` ${least}..${most}${unit?.toLowerCase() === 'bytes' ? ' bytes' : ''}`;
}
