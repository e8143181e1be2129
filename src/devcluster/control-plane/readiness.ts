import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { sleep, type Clock } from '../../time/clock.ts';
import type { Component } from './component.ts';

const POLL_MS = 50;
const PROBE_TIMEOUT_MS = 2_000;

export interface Probe {
  readonly url: string;
  /** PEM of the server's certificate, for https. */
  readonly certificate?: string;
  readonly token?: string;
}

/** True when the URL answers 200. */
export function answersOk({ url, certificate, token }: Probe): Promise<boolean> {
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const request = get(
      url,
      { ca: certificate, headers, agent: false, timeout: PROBE_TIMEOUT_MS },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

export interface WaitOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The programs that must live for the wait to make sense. */
  readonly components: readonly Component[];
}

/** @throws Error with the end of the log when a component dies first, or the time is up */
export async function waitUntilOk(probe: Probe, options: WaitOptions): Promise<void> {
  const { clock, components, signal } = options;
  const deadline = clock.monotonic() + options.timeoutMs;
  while (!(await answersOk(probe))) {
    signal?.throwIfAborted();
    for (const component of components) {
      if (component.ended !== undefined) {
        throw await failure(component, component.ended);
      }
    }
    const last = components.at(-1);
    if (clock.monotonic() > deadline && last !== undefined) {
      throw await failure(
        last,
        `${new URL(probe.url).pathname} did not answer within ${options.timeoutMs / 1000} s`,
      );
    }
    await sleep(clock, POLL_MS, signal);
  }
}

async function failure(component: Component, what: string): Promise<Error> {
  return new Error(
    `${component.name} did not become ready (${what}). The end of its log:\n${await component.logTail()}`,
  );
}
