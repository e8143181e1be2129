import assert from 'node:assert/strict';
import { place } from '../../../src/compute/placement/place.ts';
import { selectorProblem } from '../../../src/compute/placement/selector-problem.ts';
import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import type { ClusterSelector } from '../../../src/compute/placement/request.ts';
import { NOW, clusterOffer, placementRequest, v100Line } from '../../support/placement-offers.ts';

const campus = clusterOffer('campus', [v100Line()], { labels: { tier: 'silver', region: 'eu' } });
const rented = clusterOffer('rented', [v100Line()]);
const many = Array.from({ length: 9 }, (_, index) => clusterOffer(`c${index}`, []));

function selector(more: Partial<ClusterSelector>): ClusterSelector {
  return { names: [], matchLabels: {}, ...more };
}

describe('compute/placement/selector-problem', () => {
  const rows: {
    name: string;
    offers: readonly ClusterOffer[];
    selector: ClusterSelector;
    expect: string | undefined;
  }[] = [
    { name: 'any cluster', offers: [campus], selector: selector({}), expect: undefined },
    {
      name: 'a name',
      offers: [campus, rented],
      selector: selector({ names: ['rented'] }),
      expect: undefined,
    },
    {
      name: 'no cluster at all',
      offers: [],
      selector: selector({ names: ['campus'] }),
      expect: 'there is no ComputeCluster; make one: docs/guides/clusters.md',
    },
    {
      name: 'a misspelt name',
      offers: [rented, campus],
      selector: selector({ names: ['campsu'] }),
      expect:
        "spec.placement.clusterSelector.names: there is no ComputeCluster 'campsu'; there are campus, rented",
    },
    {
      name: 'one misspelt name of several',
      offers: [campus],
      selector: selector({ names: ['campus', 'a', 'b'] }),
      expect: "spec.placement.clusterSelector.names: there is no ComputeCluster 'a', 'b'; there is campus",
    },
    {
      name: 'no more names than can be read',
      offers: many,
      selector: selector({ names: Array.from({ length: 7 }, (_, index) => `x${index}`) }),
      expect:
        "spec.placement.clusterSelector.names: there is no ComputeCluster 'x0', 'x1', 'x2', 'x3', 'x4' and 2 more; there are c0, c1, c2, c3, c4 and 4 more",
    },
    {
      name: 'labels that a cluster carries',
      offers: [campus, rented],
      selector: selector({ matchLabels: { tier: 'silver' } }),
      expect: undefined,
    },
    {
      name: 'labels that no cluster carries',
      offers: [campus, rented],
      selector: selector({ matchLabels: { tier: 'gold' } }),
      expect:
        'spec.placement.clusterSelector.matchLabels: no ComputeCluster carries tier=gold; there are campus (tier=silver), rented',
    },
    {
      name: 'labels that none of the named clusters carries',
      offers: [campus, rented],
      selector: selector({ names: ['rented'], matchLabels: { tier: 'silver', region: 'eu' } }),
      expect:
        'spec.placement.clusterSelector.matchLabels: none of the ComputeClusters in names carries tier=silver,region=eu; there is rented',
    },
  ];
  for (const { name, offers, selector: chosen, expect } of rows) {
    it(`${expect === undefined ? 'is none of' : 'tells of'} ${name}`, () => {
      assert.equal(selectorProblem(chosen, offers), expect);
    });
  }

  it('is bounded, whatever names there are', () => {
    const long = Array.from({ length: 50 }, (_, index) => `${'n'.repeat(250)}${index}`);
    const problem = selectorProblem(
      selector({ names: long }),
      long.map((name) => clusterOffer(`other-${name}`, [])),
    );

    assert.ok((problem ?? '').length <= 900, `${problem?.length}`);
  });

  it('stands in the summary of a plan', () => {
    const request = placementRequest({ clusterSelector: selector({ names: ['campsu'] }) });

    assert.equal(
      place(request, [campus, rented], [], NOW).explanation.summary,
      "0/2 clusters: 2 outside the cluster selector; spec.placement.clusterSelector.names: there is no ComputeCluster 'campsu'; there are campus, rented",
    );
    assert.equal(
      place(placementRequest(), [], [], NOW).explanation.summary,
      '0/0 clusters: there is no ComputeCluster; make one: docs/guides/clusters.md',
    );
  });
});
