/** How many inputs each fuzz test tries: enough for a second in `npm test`, as many as HEADFRAME_FUZZ_RUNS says for a longer search. */
export function fuzzRuns(inTests: number): number {
  const wanted = Number(process.env['HEADFRAME_FUZZ_RUNS'] ?? NaN);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : inTests;
}
