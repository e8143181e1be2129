import { STAKE_ACCOUNT, STAKED_POOL } from './stake-samples.ts';

/** What the demo says first: how to reach it, and what to try. */
export function headingOf({ kubeconfig, kubectl }: { kubeconfig: string; kubectl: string }): string {
  return [
    'Headframe demo. Ctrl-C stops everything. In another terminal:',
    `  export KUBECONFIG=${kubeconfig}`,
    `  ${kubectl} get minerpools`,
    `  ${kubectl} scale minerpool h100-miners --replicas=6`,
    `  ${kubectl} describe minerpool anywhere`,
    `Pool ${STAKED_POOL.name} has stake behind each replica, on a chain of this machine with an epoch every 10 seconds:`,
    `  ${kubectl} get stakeaccount ${STAKE_ACCOUNT.name}`,
    `  ${kubectl} scale mp/${STAKED_POOL.name} --replicas=9`,
    `  ${kubectl} describe mp/${STAKED_POOL.name}`,
    'Six run: more than 600 tokens the account may not stake. Condition StakeSufficient is False, with what there is and what each needs.',
    '',
  ].join('\n');
}
