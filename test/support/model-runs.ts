/** How many runs a test against a model makes: so many in `npm test`, as many as HEADFRAME_MODEL_RUNS says for a longer search. */
export function modelRuns(inTests: number): number {
  const wanted = Number(process.env['HEADFRAME_MODEL_RUNS'] ?? NaN);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : inTests;
}
