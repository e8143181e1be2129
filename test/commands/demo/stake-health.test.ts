import assert from 'node:assert/strict';
import { type ChainFigures, differences } from '../../../src/commands/demo/stake-figures.ts';
import { shortOf } from '../../../src/commands/demo/stake-health.ts';
import { metricsDifferences } from '../../../src/commands/demo/stake-metrics.ts';

const figures: ChainFigures = {
  block: 20,
  provisioned: '300',
  required: '300',
  walletTokens: '703.999999999999999999',
  registered: 3,
  claimed: '3.999999999999999999',
  epochsCheckedIn: 2,
  rewardsClaimed: 1,
};

describe('the stake of the demo', () => {
  it('is healthy when every replica is registered, two epochs are checked in and a reward is claimed', () => {
    assert.deepEqual(shortOf(figures, 3), []);
    assert.deepEqual(differences(figures, figures), []);
  });

  it('says what is missing', () => {
    assert.deepEqual(shortOf({ ...figures, registered: 2, epochsCheckedIn: 1, rewardsClaimed: 0 }, 3), [
      '2 of 3 miners are registered',
      '1 of 2 epochs are checked in',
      '0 of 1 rewards are claimed',
    ]);
    assert.deepEqual(shortOf({ ...figures, registered: 4 }, 3), ['4 of 3 miners are registered']);
  });

  it('differs when one unit of the smallest does', () => {
    assert.deepEqual(differences(figures, { ...figures, walletTokens: '704' }), [
      'walletTokens is 703.999999999999999999 on chain and 704 in the status',
    ]);
    assert.deepEqual(differences(figures, undefined), ['the StakeAccount has no figures yet']);
  });

  const of = 'network="devnet",namespace="default",account="devnet-miners"';
  const series = [
    `headframe_stake_tokens{${of},state="provisioned"} 300`,
    `headframe_stake_tokens{${of},state="required"} 300`,
    `headframe_stake_tokens{${of},state="idle"} 7`,
    `headframe_account_wallet_tokens{${of}} 704`,
    `headframe_account_miners{${of},state="registered"} 3`,
    `headframe_account_miners{${of},state="foreign"} 0`,
    `headframe_rewards_claimed_tokens_total{${of},pool="a"} 1`,
    `headframe_rewards_claimed_tokens_total{${of},pool="b"} 3`,
    'headframe_account_miners{network="devnet",namespace="default",account="another",state="registered"} 9',
  ];

  it('is the same in the metrics, as far as floating-point numbers tell', () => {
    assert.deepEqual(metricsDifferences(figures, series.join('\n')), []);
  });

  it('differs where the metrics do, or do not have it', () => {
    const others = series
      .filter((line) => !line.includes('wallet'))
      .map((line) => line.replace('state="registered"} 3', 'state="registered"} 2'));

    assert.deepEqual(metricsDifferences(figures, others.join('\n')), [
      'walletTokens is 703.999999999999999999 on chain and not there in the metrics',
      'registered is 3 on chain and 2 in the metrics',
    ]);
  });
});
