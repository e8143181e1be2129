/** What a miner has done so far. */
export interface MinerCounts {
  hashes: number;
  sharesFound: number;
  /** Shares that did not stand up to their own verification: anything but 0 is a fault of the machine. */
  sharesRejected: number;
  /** Hashes per second over the last few seconds. */
  hashrate: number;
  targetUtilisation: number;
}

/** The counts in Prometheus' text format 0.0.4. */
export function metricsText(counts: MinerCounts): string {
  return [
    ...metric('miner_hashes_total', 'counter', 'Hashes computed.', counts.hashes),
    ...metric('miner_shares_found_total', 'counter', 'Shares found and verified.', counts.sharesFound),
    ...metric(
      'miner_shares_rejected_total',
      'counter',
      'Shares that failed verification.',
      counts.sharesRejected,
    ),
    ...metric('miner_hashrate', 'gauge', 'Hashes per second over the last seconds.', counts.hashrate),
    ...metric(
      'miner_target_utilisation_ratio',
      'gauge',
      'Share of one core that the search may use, 0 to 1.',
      counts.targetUtilisation,
    ),
    '',
  ].join('\n');
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`];
}
