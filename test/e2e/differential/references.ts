import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';

/** Bodies of the answers so far, by the name that their step gave them; `ns` is the namespace. */
export type Answers = Readonly<Record<string, Json>>;

/** `$made.metadata.uid`. What starts with no known name stays: `$patch`. */
const REFERENCE = /\$([a-zA-Z]\w*)((?:\.\w+)*)/g;

/** A copy with every reference in every string, keys included, replaced. */
export function resolved(value: Json, answers: Answers): Json {
  if (typeof value === 'string') {
    return resolvedText(value, answers);
  }
  if (Array.isArray(value)) {
    return value.map((item) => resolved(item, answers));
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    return Object.fromEntries(
      entries.map(([key, item]) => [resolvedText(key, answers), resolved(item, answers)]),
    );
  }
  return value;
}

export function resolvedText(text: string, answers: Answers): string {
  return text.replaceAll(REFERENCE, (whole, name: string, path: string) => {
    if (!(name in answers)) {
      return whole;
    }
    const answer = answers[name] ?? null;
    if (typeof answer === 'string') {
      return answer + path; // `$ns.example.com`: what follows a text is no path
    }
    const found = at(answer, path.split('.').slice(1));
    return typeof found === 'object' ? `<no ${whole}>` : String(found);
  });
}

/** What lies at the path; null where there is nothing. */
export function at(value: Json, path: readonly string[]): Json {
  const [step, ...rest] = path;
  if (step === undefined) {
    return value;
  }
  if (value === null || typeof value !== 'object') {
    return null;
  }
  const next = Array.isArray(value) ? value[Number(step)] : value[step];
  return next === undefined ? null : at(next, rest);
}

/** A body: the answer of that name with the values at some paths (`spec.replicas`, `items.0`) replaced; `undefined` removes. */
export function changed(
  name: string,
  changes: Readonly<Record<string, Json | undefined>>,
): (answers: Answers) => Json {
  return (answers) => withChanges(answers[name] ?? null, changes);
}

/** A deep copy with the values at some paths replaced; `undefined` removes. `\.` is a dot within a name. */
export function withChanges<T extends Json>(
  value: T,
  changes: Readonly<Record<string, Json | undefined>>,
): T {
  const copy = structuredClone(value);
  for (const [path, replacement] of Object.entries(changes)) {
    const steps = path.split(/(?<!\\)\./).map((step) => step.replaceAll('\\.', '.'));
    set(copy, steps, replacement);
  }
  return copy;
}

function set(target: Json, [step = '', ...rest]: readonly string[], value: Json | undefined): void {
  if (target === null || typeof target !== 'object') {
    return; // a failed answer has no such place: its Status goes back as it is, on both sides
  }
  const holder = target as JsonObject; // an array's indexes are properties too
  if (rest.length > 0) {
    holder[step] ??= {};
    set(holder[step], rest, value);
  } else if (value === undefined) {
    Reflect.deleteProperty(holder, step);
  } else {
    holder[step] = value;
  }
}
