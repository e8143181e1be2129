/** One scrape, by series: `name{label="value"}` as it was written. */
export type Scrape = ReadonlyMap<string, number>;

/** Reads Prometheus' text format. Comments and what is no sample are skipped. */
export function parseMetrics(text: string): Scrape {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)(?: \d+)?$/.exec(line);
    if (match?.[1] !== undefined) {
      samples.set(match[1], Number(match[2]));
    }
  }
  return samples;
}

/** The value of the one series of that name. NaN when there is none. */
export function valueOf(scrape: Scrape, name: string): number {
  return scrape.get(name) ?? NaN;
}
