import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';
import { at } from './references.ts';
import type { Entry } from './run-case.ts';

/** One place where two normalised answers are not the same; a side that has nothing there is undefined. */
export interface Difference {
  readonly case: string;
  /** Such as `2 GET pods/a`: the number counts from 1. */
  readonly step: string;
  /** Such as `body.metadata.name`. */
  readonly path: string;
  readonly real: Json | undefined;
  readonly embedded: Json | undefined;
}

/** What differs between two normalised transcripts of one case, place by place. */
export function differences(name: string, real: readonly Entry[], embedded: readonly Entry[]): Difference[] {
  return real.flatMap(({ step, answer }, index) =>
    answerDifferences(answer, embedded[index]?.answer ?? {}).map((found) => ({
      case: name,
      step: `${index + 1} ${step}`,
      ...found,
    })),
  );
}

/** Of two answers of different sense, one difference says it all; so does a message for the causes that it lists. */
function answerDifferences(real: JsonObject, embedded: JsonObject): Place[] {
  if (real['status'] !== embedded['status']) {
    return [{ path: 'status', real: gist(real), embedded: gist(embedded) }];
  }
  const found = [...valueDifferences(real, embedded, '')];
  const worded = found.some(({ path }) => path === 'body.message');
  return found.filter(({ path }) => !worded || !path.startsWith('body.details.causes'));
}

/** Status and message, or the body of a success. */
function gist({ status, body }: JsonObject): JsonObject {
  const message = at(body ?? null, ['message']);
  return { status, [message === null ? 'body' : 'message']: message ?? body };
}

type Place = Pick<Difference, 'path' | 'real' | 'embedded'>;

function* valueDifferences(
  real: Json | undefined,
  embedded: Json | undefined,
  path: string,
): Generator<Place> {
  if (!isStructure(real) || !isStructure(embedded) || Array.isArray(real) !== Array.isArray(embedded)) {
    if (real !== embedded) {
      yield { path, real, embedded };
    }
    return;
  }
  const keys = new Set([...Object.keys(real), ...Object.keys(embedded)]);
  for (const key of keys) {
    const [one, other] = [real, embedded] as Record<string, Json>[];
    const place = Array.isArray(real) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    yield* valueDifferences(one?.[key], other?.[key], place);
  }
}

function isStructure(value: Json | undefined): value is Exclude<Json, string | number | boolean | null> {
  return value !== null && typeof value === 'object';
}

/** For people: both answers, under the place. */
export function describeDifference({ step, path, real, embedded }: Difference): string {
  return `${step}: ${path}\n    real:     ${shown(real)}\n    embedded: ${shown(embedded)}`;
}

function shown(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 1500 ? `${text.slice(0, 1500)}… (${text.length} characters)` : text;
}
