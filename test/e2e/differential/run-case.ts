import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from '../../../src/devcluster/api-server/schema/schema.ts';
import { fullPath } from './paths.ts';
import { at, resolved, resolvedText } from './references.ts';
import type { Connection, HttpRequest, WatchAnswer } from './side.ts';
import type { Body, Case, KubectlStep, RequestStep, Step, UntilStep, WatchStep } from './step.ts';

/** What one server answered to one step. */
export interface Entry {
  /** Such as `GET pods/a`. */
  readonly step: string;
  readonly answer: JsonObject;
}

/** All that one server answered to one case. */
export interface Transcript {
  readonly namespace: string;
  readonly entries: readonly Entry[];
}

/** Decides when to give up, so they can be generous. */
const UNTIL_MS = 20_000;
const WATCH_MS = 10_000;
/** How long a watch is observed after its expected end for an event too many. */
const SURPLUS_MS = 30;

/** The namespace in which a server gets a case. */
export function namespaceOf(prefix: string, { name }: Case): string {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${prefix}${slug.slice(0, 50)}`.replace(/-+$/, '');
}

/** Sends the steps, one after the other, to one server. Its namespace must be there. */
export async function runCase(connection: Connection, wanted: Case): Promise<Transcript> {
  const namespace = namespaceOf(connection.side.prefix, wanted);
  const run: Run = { connection, namespace, answers: { ns: namespace }, entries: [] };
  await runSteps(run, wanted.steps);
  return { namespace, entries: run.entries };
}

interface Run {
  readonly connection: Connection;
  readonly namespace: string;
  readonly answers: Record<string, Json>;
  readonly entries: Entry[];
}

async function runSteps(run: Run, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await runStep(run, step);
  }
}

function runStep(run: Run, step: Step): Promise<void> {
  switch (step.kind) {
    case 'request':
      return runRequest(run, step);
    case 'until':
      return runUntil(run, step);
    case 'watch':
      return runWatch(run, step);
    case 'kubectl':
      return runKubectl(run, step);
  }
}

async function runRequest(run: Run, step: RequestStep): Promise<void> {
  const { status, headers, body } = await run.connection.send(httpRequest(run, step));
  remember(run, step, body);
  run.entries.push({
    step: `${step.method} ${step.path}`,
    answer: { status, headers, body: picked(step, body) },
  });
}

function httpRequest(run: Run, { method, path, headers = {}, body }: RequestStep): HttpRequest {
  const text = bodyText(run, body);
  return {
    method,
    path: resolvedText(fullPath(path), run.answers),
    headers: text === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: text,
  };
}

function bodyText(run: Run, body: Body): string | undefined {
  if (body === undefined) {
    return undefined;
  }
  const value = resolved(typeof body === 'function' ? body(run.answers) : body, run.answers);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function picked({ pick }: Step, body: Json): Json {
  return pick === undefined ? body : pick(body);
}

function remember(run: Run, { as }: Step, body: Json): void {
  if (as !== undefined) {
    run.answers[as] = body;
  }
}

async function runUntil(run: Run, step: UntilStep): Promise<void> {
  const deadline = performance.now() + UNTIL_MS;
  for (;;) {
    const answer = await run.connection.send(httpRequest(run, { ...step, kind: 'request', method: 'GET' }));
    const reached = step.wanted(answer.status, answer.body);
    if (reached || performance.now() > deadline) {
      const { status, body } = answer;
      remember(run, step, body);
      const compared = { status, reached, body: picked(step, body) };
      run.entries.push({ step: `UNTIL ${step.path}`, answer: compared });
      return;
    }
    await sleep(20);
  }
}

async function runWatch(run: Run, step: WatchStep): Promise<void> {
  const { path, headers = {} } = step;
  const separator = path.includes('?') ? '&' : '?';
  const wanted = httpRequest(run, {
    ...step,
    kind: 'request',
    method: 'GET',
    path: `${path}${separator}watch=true`,
    headers,
  });
  const answer = await run.connection.watch(wanted);
  const [events] = await Promise.all([collect(answer, step.until), runSteps(run, step.during)]);
  remember(run, step, events);
  run.entries.push({
    step: `WATCH ${path}`,
    answer: { status: answer.status, headers: answer.headers, body: picked(step, events) },
  });
}

/** Events until the stated end; a line of text says so when it did not come. */
async function collect(answer: WatchAnswer, end: WatchStep['until']): Promise<Json[]> {
  const found: Json[] = [];
  const late = sleep(WATCH_MS, 'late' as const, { ref: false });
  const { events } = answer;
  let next = events.next();
  try {
    while (!isEnd(found, end)) {
      const event = await Promise.race([next, late]);
      if (event === 'late') {
        return [...found, `no further event within ${WATCH_MS} ms`];
      }
      if (event.done === true) {
        return end === 'end' ? found : [...found, 'the watch ended'];
      }
      found.push(event.value);
      next = events.next();
    }
    const surplus = await Promise.race([next, sleep(SURPLUS_MS)]);
    return surplus === undefined || surplus.done === true ? found : [...found, surplus.value];
  } finally {
    next.catch(() => undefined); // cut by us
    answer.close();
  }
}

function isEnd(found: readonly Json[], end: WatchStep['until']): boolean {
  if (end === 'end') {
    return false;
  }
  if (typeof end === 'number') {
    return found.length >= end;
  }
  const annotations = ['object', 'metadata', 'annotations', 'k8s.io/initial-events-end'];
  return at(found.at(-1) ?? null, annotations) === 'true';
}

async function runKubectl(run: Run, step: KubectlStep): Promise<void> {
  const args = step.args.map((arg) => resolvedText(arg, run.answers));
  const input = step.input === undefined ? undefined : resolved(step.input, run.answers);
  const { code, stdout, stderr } = await run.connection.side.kubectl(
    ['--namespace', run.namespace, ...args],
    typeof input === 'string' ? input : (input as object | undefined),
  );
  remember(run, step, stdout);
  const text = picked(step, stdout);
  run.entries.push({ step: `kubectl ${step.args.join(' ')}`, answer: { code, stdout: text, stderr } });
}
