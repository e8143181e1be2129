import type { ServerResponse } from 'node:http';
import { sendJson, sendText } from './respond.ts';

/** The release whose behaviour this server follows. */
const VERSION = {
  major: '1',
  minor: '37',
  emulationMajor: '1',
  emulationMinor: '37',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '36',
  gitVersion: 'v1.37.2',
  gitCommit: 'unknown',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

/** Health and version. False for other paths. */
export function serveSystemPath(response: ServerResponse, { pathname }: URL): boolean {
  switch (pathname) {
    case '/readyz':
    case '/livez':
    case '/healthz':
    case '/readyz/ping':
    case '/livez/ping':
    case '/healthz/ping':
      sendText(response, 'ok', { contentType: 'text/plain; charset=utf-8' });
      return true;
    case '/version':
    case '/version/':
      sendJson(response, VERSION);
      return true;
    default:
      return false;
  }
}
