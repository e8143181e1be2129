/** How many inputs each fuzz test tries: enough for a second in `npm test`, as many as HEADFRAME_FUZZ_RUNS says for a longer search. */
export function fuzzRuns(inTests: number): number {
  return runs('HEADFRAME_FUZZ_RUNS', inTests);
}

/** How many runs a test against a model makes: so many in `npm test`, as many as HEADFRAME_MODEL_RUNS says for a longer search. */
export function modelRuns(inTests: number): number {
  return runs('HEADFRAME_MODEL_RUNS', inTests);
}

function runs(variable: string, inTests: number): number {
  const wanted = Number(process.env[variable] ?? NaN);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : inTests;
}
