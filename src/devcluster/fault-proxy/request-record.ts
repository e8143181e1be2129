import type { RequestInfo } from './request-info.ts';

/** One request that reached the proxy, from its arrival on. */
export interface RequestEntry extends RequestInfo {
  /** Monotonic milliseconds of the proxy's clock: when the request arrived. */
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly userAgent: string;
  /** Name of the rule that applied. */
  readonly rule: string | undefined;
  /** What the client was told; 0 when the connection was cut before any answer, undefined while there is none. */
  readonly status: number | undefined;
  /** When the head of the answer, or the cut, went to the client. */
  readonly answeredAt: number | undefined;
  /** When the answer had ended, or was cut. */
  readonly endedAt: number | undefined;
  /** Whether the API server answered it, whatever reached the client. */
  readonly reached: boolean;
}

/** An entry while its request is under way. */
export type OpenEntry = { -readonly [Field in keyof RequestEntry]: RequestEntry[Field] };
