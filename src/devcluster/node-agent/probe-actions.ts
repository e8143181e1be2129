import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import type { Container, Probe } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { resolvePort, type PortMap } from './ports.ts';

/** Where a container can be asked how it is. */
export interface ProbeTarget {
  readonly container: Immutable<Container>;
  readonly ports: PortMap;
  /** Runs a command as the container would; resolves with its exit code, or undefined when it had not ended in time. */
  exec(command: readonly string[], timeoutMs: number): Promise<number | undefined>;
}

/** Asks once. Whatever goes wrong is a failure; a probe without a known kind of question fails too. */
export async function runProbe(
  probe: Immutable<Probe>,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<boolean> {
  const { httpGet: http, tcpSocket, exec } = probe;
  if (http !== undefined) {
    const port = resolvePort(http.port, target.container, target.ports);
    const scheme = http.scheme === 'HTTPS' ? 'https' : 'http';
    const path = http.path ?? '/';
    return (
      port !== undefined && (await answersHttp(`${scheme}://127.0.0.1:${port}${withSlash(path)}`, timeoutMs))
    );
  }
  if (tcpSocket !== undefined) {
    const port = resolvePort(tcpSocket.port, target.container, target.ports);
    return port !== undefined && (await acceptsTcp(port, timeoutMs));
  }
  if (exec?.command !== undefined) {
    return (await target.exec(exec.command, timeoutMs)) === 0;
  }
  return false;
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** kubelet: any status from 200 to 399 is a success, and no certificate is checked. */
function answersHttp(url: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = {
      agent: false,
      rejectUnauthorized: false,
      headers: { 'User-Agent': 'kube-probe/headframe' },
    };
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    const request = get(url, { ...options, signal: AbortSignal.timeout(timeoutMs) }, (answer) => {
      answer.resume();
      answer.once('error', () => undefined);
      const status = answer.statusCode ?? 0;
      resolve(status >= 200 && status < 400);
    });
    request.once('error', () => resolve(false));
  });
}

function acceptsTcp(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: timeoutMs });
    const finish = (success: boolean): void => {
      socket.destroy();
      resolve(success);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
