/** What `kubectl logs` asks for: the query of kubelet's `/containerLogs`. */
export interface LogOptions {
  readonly follow: boolean;
  /** The log of the run before this one. */
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Only so many lines from the end; all when absent. */
  readonly tailLines?: number | undefined;
  /** Only lines from then on, milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly limitBytes?: number | undefined;
}

/** One line of a container's output. */
export interface LogLine {
  /** RFC 3339 with nine fraction digits, UTC. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** Without the line end. */
  readonly text: string;
}

/** @throws RangeError that names the parameter */
export function parseLogOptions(query: URLSearchParams, now: number): LogOptions {
  const sinceSeconds = wholeNumber(query, 'sinceSeconds', 1);
  return {
    follow: truth(query, 'follow'),
    previous: truth(query, 'previous'),
    timestamps: truth(query, 'timestamps'),
    tailLines: wholeNumber(query, 'tailLines', 0),
    limitBytes: wholeNumber(query, 'limitBytes', 1),
    since: sinceSeconds === undefined ? sinceTime(query) : now - sinceSeconds * 1000,
  };
}

function truth(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === 'true' || value === '1' || value === '';
}

function wholeNumber(query: URLSearchParams, name: string, min: number): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') {
    return undefined;
  }
  const value = Number(text);
  if (!Number.isInteger(value) || value < min) {
    throw new RangeError(`${name} must be a whole number of at least ${min}, not ${JSON.stringify(text)}`);
  }
  return value;
}

function sinceTime(query: URLSearchParams): number | undefined {
  const text = query.get('sinceTime');
  if (text === null || text === '') {
    return undefined;
  }
  const value = Date.parse(text);
  if (Number.isNaN(value)) {
    throw new RangeError(`sinceTime must be a time in RFC 3339, not ${JSON.stringify(text)}`);
  }
  return value;
}

/** Whether the line is young enough. */
export function isWanted(line: LogLine, { since }: LogOptions): boolean {
  return since === undefined || Date.parse(line.time) >= since;
}

/** The lines of a finished log that the options leave over, in order. */
export function selectLines(lines: readonly LogLine[], options: LogOptions): LogLine[] {
  const recent = lines.filter((line) => isWanted(line, options));
  return options.tailLines === undefined
    ? recent
    : recent.slice(Math.max(0, recent.length - options.tailLines));
}

/** The line as it is sent. */
export function formatLine(line: LogLine, { timestamps }: Pick<LogOptions, 'timestamps'>): string {
  return timestamps ? `${line.time} ${line.text}\n` : `${line.text}\n`;
}
