/*
 * node --import tsx bench/placement/simulate.ts: what placement saves, without a cluster. Scenarios say what (scenarios/), the
 * generator makes fleets and prices from a seed (generator/), strategies choose places (strategies/), runners let them (runner/), a
 * linear program says how good it could be (optimum/), the report shows (report/). Everything but the times is the same every time.
 */
import { loadSolver } from './optimum/solver.ts';
import { conductTable, contestTable, gapTable, growthTable } from './report/report.ts';
import { contest } from './runner/contest.ts';
import { gaps } from './runner/gap.ts';
import { growth } from './runner/growth.ts';
import { fleet } from './scenarios/fleet.ts';
import { instanceSets } from './scenarios/instances.ts';
import { headframe } from './strategies/headframe.ts';

const solve = await loadSolver();
const whole = fleet();
const { clusters, nodes } = whole.fleet;

const contests = [0.25, 0.5, 1].map((share) => contest(fleet(share)));
section(
  `Cost per V100e-hour where Headframe places, over that of others: ${nodes} nodes, ${clusters} clusters, ${whole.pools.length} pools, prices of ${whole.hours} hours from seed ${whole.seed}`,
  contestTable(contests),
);
section('What it kept to', conductTable(contests));
section(
  'Distance to the optimum that a linear program finds: 24 nodes, 4 clusters',
  gapTable(instanceSets.map((set) => [set.about, gaps(set, headframe, solve)] as const)),
);
section(`How the time grows: one pool, ${nodes} nodes`, growthTable(growth(whole)));

if (contests.some(({ headframe: { overCapHours, busiestHour } }) => overCapHours > 0 || busiestHour > 1)) {
  process.stderr.write('a cap or a budget was not kept\n');
  process.exitCode = 1;
}

function section(title: string, table: string): void {
  process.stdout.write(`${title}\n\n${table}\n\n`);
}
