import { typeOf, type Field, type ObjectType, type UnionType } from './types';

/** How the objects of a union are told apart. */
export interface Kinds {
  /** The field whose text names the kind, and what the kinds of that name have. */
  named?: { key: string; kinds: ReadonlyMap<string, Kinds> };
  /** Kinds by the field that they alone must have. */
  marked: ReadonlyMap<string, ObjectType>;
  /** The kind that has no such field, if there is one. */
  plain?: ObjectType;
  /** Fields that all kinds must have. */
  shared: readonly Field[];
  /** Names of all fields of any kind. */
  names: ReadonlySet<string>;
}

const known = new WeakMap<UnionType, Kinds>();

export function kindsOf(union: UnionType): Kinds {
  let kinds = known.get(union);
  if (!kinds) known.set(union, (kinds = tellApart(union.of.map(typeOf).filter((type) => type.is === 'object'))));
  return kinds;
}

function tellApart(objects: readonly ObjectType[], isNamed = false): Kinds {
  const [first] = objects;
  const ofAll = (name: string) => objects.every(({ fields }) => fields.some((field) => field.name === name));
  const key = isNamed
    ? undefined
    : first?.fields.find(({ name }) => objects.every((one) => textsOf(one, name).length > 0))?.name;
  const marked = new Map<string, ObjectType>();
  let plain: ObjectType | undefined;
  for (const object of objects) {
    const own = object.fields.find(({ name, required }) => required && !ofAll(name));
    if (own) marked.set(own.name, object);
    else plain = object;
  }
  return {
    ...(key !== undefined && { named: { key, kinds: byText(objects, key) } }),
    ...{ marked, plain },
    shared: first?.fields.filter(({ name, required }) => required && ofAll(name)) ?? [],
    names: new Set(objects.flatMap(({ fields }) => fields.map(({ name }) => name))),
  };
}

function byText(objects: readonly ObjectType[], key: string): Map<string, Kinds> {
  const texts = new Set(objects.flatMap((object) => textsOf(object, key)));
  return new Map(
    [...texts].map((text) => [
      text,
      tellApart(
        objects.filter((one) => textsOf(one, key).includes(text)),
        true,
      ),
    ]),
  );
}

/** Texts of which a field must have one. */
function textsOf({ fields }: ObjectType, name: string): string[] {
  const field = fields.find((one) => one.name === name && one.required);
  const type = field && typeOf(field.type);
  return type?.is === 'literal' ? type.texts : [];
}
