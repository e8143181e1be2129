/** What the operator's process held at one quiet moment, after a garbage collection. */
export interface Footprint {
  /** Since the start of the soak. */
  readonly minutes: number;
  /** Bytes. */
  readonly rss: number;
  /** Bytes of JavaScript heap in use. */
  readonly heapUsed: number;
  readonly fileDescriptors: number;
  readonly timers: number;
  /** Listeners on abort signals, sockets, servers and the process. */
  readonly listeners: number;
}

/** How a figure may change from the first quiet moments to the last. */
export interface Bound {
  readonly figure: Exclude<keyof Footprint, 'minutes'>;
  /** Growth per minute by least squares, in the figure's unit, that counts as flat. */
  readonly mostPerMinute: number;
}

/**
 * Each quiet moment comes after the same work, so what grows with their number is a leak. A watch or a retry more or less at the moment
 * of counting is not: some ten sockets, each with its timers and some twenty listeners.
 */
export const bounds: readonly Bound[] = [
  { figure: 'rss', mostPerMinute: 1024 * 1024 },
  { figure: 'heapUsed', mostPerMinute: 256 * 1024 },
  { figure: 'fileDescriptors', mostPerMinute: 1 },
  { figure: 'timers', mostPerMinute: 1 },
  { figure: 'listeners', mostPerMinute: 10 },
];

/** One line of the result. */
export interface Finding extends Bound {
  readonly first: number;
  readonly last: number;
  readonly perMinute: number;
  readonly flat: Flatness;
}

/** `too short` when the footprints span less time than a slope takes to rise above its noise. */
export type Flatness = 'yes' | 'no' | 'too short';

/** How many footprints at the start are left out: code is compiled and caches fill. */
const WARM_UP = 3;

/** Fewer say nothing of a slope. */
export const FEWEST_FOOTPRINTS = WARM_UP + 3;

/** Over two minutes the heap of a healthy process moves by more than the bounds allow; over five it does not. */
const SLOPES_COUNT_FROM_MINUTES = 5;

/**
 * Judges the footprints of one soak.
 * @throws RangeError when there are too few to speak of a slope
 */
export function judge(footprints: readonly Footprint[]): Finding[] {
  const warm = footprints.slice(WARM_UP);
  const first = warm[0];
  const last = warm.at(-1);
  if (first === undefined || last === undefined || footprints.length < FEWEST_FOOTPRINTS) {
    throw new RangeError(
      `a slope takes at least ${FEWEST_FOOTPRINTS} footprints, there are ${footprints.length}`,
    );
  }
  return bounds.map((bound) => {
    const perMinute = slope(warm.map((footprint) => [footprint.minutes, footprint[bound.figure]]));
    return {
      ...bound,
      first: first[bound.figure],
      last: last[bound.figure],
      perMinute,
      flat: flatness(perMinute <= bound.mostPerMinute, last.minutes),
    };
  });
}

function flatness(within: boolean, minutes: number): Flatness {
  if (minutes < SLOPES_COUNT_FROM_MINUTES) {
    return 'too short';
  }
  return within ? 'yes' : 'no';
}

/** Slope of the line of least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}
