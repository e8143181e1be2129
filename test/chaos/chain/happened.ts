import type { EndpointFigures } from './bad-endpoints.ts';
import { RPC_FAULTS } from './rpc-fault.ts';
import { REFUSALS, type RefusalKind } from './strict-mempool.ts';
import { CHAIN_TROUBLES, type ChainFigures } from './trouble.ts';

/** What was to happen in a run, at least once each. */
export interface Demands {
  readonly kills: number;
  readonly badEndpoints?: boolean;
  /** Default all. */
  readonly refusals?: readonly RefusalKind[];
}

/** What was to go wrong and did not, in words: a run without it shows nothing. */
export function notHappened(
  figures: ChainFigures & Partial<EndpointFigures> & { readonly kills: number },
  { kills, badEndpoints = true, refusals: demanded = REFUSALS }: Demands,
): string[] {
  if (kills === 0) {
    return [];
  }
  const { faults, refusals } = figures;
  const never = [
    ...CHAIN_TROUBLES.filter((trouble) => figures[trouble] === 0),
    ...(badEndpoints ? RPC_FAULTS.filter((fault) => (faults?.[fault] ?? 0) === 0) : []),
    ...(badEndpoints ? demanded.filter((refusal) => (refusals?.[refusal] ?? 0) === 0) : []),
  ];
  return [
    ...(figures.kills < kills ? [`only ${figures.kills} operators were killed, of ${kills}`] : []),
    ...never.map((kind) => `'${kind}' never happened`),
  ];
}
