import type { ClusterOffer } from '../../../src/compute/placement/offer.ts';
import { type Placed, choicesOf, costOf, placementRows, sumOver, worthOf } from './choice.ts';
import type { LinearProgram, Row } from './linear-program.ts';

/**
 * The least that as many replicas of each pool can cost in an hour, in USD, if they deliver no fewer V100e-hours. Parts of
 * replicas are allowed and the nodes of a line are one, so the best placement costs this or more.
 */
export function leastCost(
  offers: readonly ClusterOffer[],
  pools: readonly Placed[],
  v100eHours: number,
): LinearProgram {
  const choices = choicesOf(offers, pools);
  return {
    minimise: sumOver(choices, costOf),
    rows: [
      ...placementRows(choices, pools),
      { terms: sumOver(choices, worthOf), relation: '>=', bound: v100eHours },
    ],
  };
}

/**
 * The least that a V100e-hour can cost, in USD, if as many replicas of each pool are placed but may deliver less: a slow GPU spoils
 * the average less than a fast one of the same price per V100e-hour, so this program likes slow GPUs where good ones are used up.
 * A quotient is minimised by scaling (Charnes and Cooper, 1962): every variable is divided by the V100e-hours delivered.
 */
export function leastPrice(offers: readonly ClusterOffer[], pools: readonly Placed[]): LinearProgram {
  const choices = choicesOf(offers, pools);
  return {
    minimise: sumOver(choices, costOf),
    rows: [
      ...placementRows(choices, pools).map(scaled),
      { terms: sumOver(choices, worthOf), relation: '=', bound: 1 },
    ],
  };
}

function scaled({ terms, relation, bound }: Row): Row {
  return { terms: [...terms, { variable: 'scale', factor: -bound }], relation, bound: 0 };
}
