import { createServer, type Server } from 'node:http';
import { minerConfig, type MinerConfig } from './config.ts';
import { metricsText, type MinerCounts } from './metrics-text.ts';
import { createSearch, verifyShare } from './search.ts';

/*
 * The reference miner: searches SHA-256 for partial preimages at a given share of one core, verifies what it finds, and
 * tells of it on /metrics and /healthz. It stands in for a GPU miner where there is no GPU.
 */

/** One turn of work and rest. Short, so that a signal or a scrape never waits long. */
const PERIOD_MS = 100;
const RATE_WINDOW_MS = 5_000;

function log(level: 'info' | 'error', message: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), message, ...fields })}\n`);
}

function mine(config: MinerConfig): MinerCounts {
  const { seed, difficultyBits, targetUtilisation } = config;
  const counts = { hashes: 0, sharesFound: 0, sharesRejected: 0, hashrate: 0, targetUtilisation };
  const search = createSearch(seed, difficultyBits);
  let windowStart = performance.now();
  let windowHashes = 0;

  function turn(): void {
    const start = performance.now();
    const end = start + PERIOD_MS * targetUtilisation;
    for (const share of search.run(() => performance.now() < end)) {
      const valid = verifyShare(seed, share, difficultyBits);
      counts[valid ? 'sharesFound' : 'sharesRejected']++;
      log(valid ? 'info' : 'error', valid ? 'share found' : 'share failed verification', {
        nonce: share.nonce.toString(),
        digest: share.digest,
      });
    }
    counts.hashes = search.hashes;
    const elapsed = performance.now() - windowStart;
    if (elapsed >= RATE_WINDOW_MS) {
      counts.hashrate = Math.round(((search.hashes - windowHashes) / elapsed) * 1000);
      windowStart = performance.now();
      windowHashes = search.hashes;
    }
    // Rest in proportion to what the work really took, so that the share holds on a busy machine too.
    const worked = performance.now() - start;
    setTimeout(turn, worked / targetUtilisation - worked);
  }

  turn();
  return counts;
}

function serve(counts: MinerCounts, config: MinerConfig): Server {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(metricsText(counts));
    } else if (path === '/healthz') {
      response.end('ok\n');
    } else {
      response.writeHead(404).end('not found\n');
    }
  });
  server.on('error', (error) => fail(`cannot listen on port ${config.port}: ${error.message}`));
  server.listen(config.port, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : config.port;
    log('info', 'mining', { name: config.name, port, difficultyBits: config.difficultyBits });
  });
  return server;
}

function fail(message: string): never {
  log('error', message);
  process.exit(2);
}

function start(): void {
  let config: MinerConfig;
  try {
    config = minerConfig(process.env);
  } catch (error) {
    fail((error as Error).message);
  }
  const counts = mine(config);
  serve(counts, config);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log('info', 'stopping', { signal, hashes: counts.hashes, sharesFound: counts.sharesFound });
      process.exit(0);
    });
  }
}

start();
