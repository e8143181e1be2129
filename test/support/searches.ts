/**
 * How many runs a random search makes (a property, a model, a fuzz test): `inTests` in `npm test`, HEADFRAME_SEARCH times as many for
 * a longer one. CI looks eight times as long in its run on another Node.js.
 */
export function searches(inTests: number): number {
  return Math.ceil(inTests * FACTOR);
}

/** What such a test may take, in milliseconds, if it may take so much in `npm test`. */
export function searchTimeout(inTests: number): number {
  return inTests * Math.max(1, FACTOR);
}

const FACTOR = factorOf(process.env['HEADFRAME_SEARCH'] ?? '1');

function factorOf(text: string): number {
  const factor = Number(text);
  if (!(factor > 0 && factor < Infinity)) {
    throw new Error(
      `HEADFRAME_SEARCH=${text}: a number above 0 is allowed, such as 50 for fifty times as many runs`,
    );
  }
  return factor;
}
