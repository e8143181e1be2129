import { fieldNameOf, type Path, type PathElement } from './path-element.ts';

/**
 * A set of paths. A path may be a member without those below it, and those below without it. No child is empty. Treat as immutable
 * unless you made it (structured-merge-diff, fieldpath.Set).
 */
export interface FieldSet {
  readonly members: ReadonlySet<PathElement>;
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

export const EMPTY_SET: FieldSet = { members: new Set(), children: new Map() };

export function isEmpty(set: FieldSet): boolean {
  return set.members.size === 0 && set.children.size === 0;
}

export function setOf(...paths: Path[]): FieldSet {
  const builder = fieldSetBuilder();
  paths.forEach(builder.insert);
  return builder.set;
}

interface MutableFieldSet {
  readonly members: Set<PathElement>;
  readonly children: Map<PathElement, MutableFieldSet>;
}

/** Collects paths. */
export interface FieldSetBuilder {
  readonly set: FieldSet;
  /** The empty path is no member of anything: nobody owns the whole object. */
  readonly insert: (path: Path) => void;
}

export function fieldSetBuilder(): FieldSetBuilder {
  const set = newSet();
  return {
    set,
    insert(path) {
      const last = path.at(-1);
      if (last === undefined) {
        return;
      }
      let at = set;
      for (const element of path.slice(0, -1)) {
        let child = at.children.get(element);
        if (child === undefined) {
          child = newSet();
          at.children.set(element, child);
        }
        at = child;
      }
      at.members.add(last);
    },
  };
}

function newSet(): MutableFieldSet {
  return { members: new Set(), children: new Map() };
}

export function hasPath(set: FieldSet, path: Path): boolean {
  const last = path.at(-1);
  let at: FieldSet | undefined = set;
  for (const element of path.slice(0, -1)) {
    at = at?.children.get(element);
  }
  return last !== undefined && at?.members.has(last) === true;
}

/** What is in one or the other. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const own = children.get(element);
    children.set(element, own === undefined ? child : union(own, child));
  }
  return { members: new Set([...a.members, ...b.members]), children };
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return {
    members: new Set([...a.members].filter((element) => b.members.has(element))),
    children: mapChildren(a, (child, element) => intersection(child, b.children.get(element) ?? EMPTY_SET)),
  };
}

/** What is in `a` and not in `b`, path by path: without `.a`, `.a.b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return {
    members: new Set([...a.members].filter((element) => !b.members.has(element))),
    children: mapChildren(a, (child, element) => {
      const other = b.children.get(element);
      return other === undefined ? child : difference(child, other);
    }),
  };
}

/** What is in `a` and neither in `b` nor below a path in `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return {
    members: new Set([...a.members].filter((element) => !b.members.has(element))),
    children: mapChildren(a, (child, element) => {
      const other = b.children.get(element);
      return b.members.has(element)
        ? EMPTY_SET
        : other === undefined
          ? child
          : recursiveDifference(child, other);
    }),
  };
}

/** The paths below that step, seen from there. */
export function below(set: FieldSet, element: PathElement): FieldSet {
  return set.children.get(element) ?? EMPTY_SET;
}

/** Every path, parents before what is below them; members of a level before its children. */
export function pathsOf(set: FieldSet, prefix: Path = []): Path[] {
  return [
    ...[...set.members].map((element) => [...prefix, element]),
    ...[...set.children].flatMap(([element, child]) => pathsOf(child, [...prefix, element])),
  ];
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  return isEmpty(difference(a, b)) && isEmpty(difference(b, a));
}

/** How a schema sees a level: which fields it names, and what is below a step. */
export interface NamedFields {
  has(field: string): boolean;
  below(element: PathElement): NamedFields;
}

/** With each field that the schema names and that has members below it as a member, too; keys of maps and list items stay as they are. */
export function withNamedFields(set: FieldSet, names: NamedFields): FieldSet {
  const members = new Set(set.members);
  for (const element of set.children.keys()) {
    const field = fieldNameOf(element);
    if (field !== undefined && names.has(field)) {
      members.add(element);
    }
  }
  return {
    members,
    children: mapChildren(set, (child, element) => withNamedFields(child, names.below(element))),
  };
}

function mapChildren(
  set: FieldSet,
  change: (child: FieldSet, element: PathElement) => FieldSet,
): Map<PathElement, FieldSet> {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of set.children) {
    const changed = change(child, element);
    if (!isEmpty(changed)) {
      children.set(element, changed);
    }
  }
  return children;
}
