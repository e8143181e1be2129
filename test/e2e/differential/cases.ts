import { definitions } from './cases/definitions.ts';
import { deletion } from './cases/deletion.ts';
import { kubectlCommands } from './cases/kubectl.ts';
import { lists } from './cases/lists.ts';
import { metadata } from './cases/metadata.ts';
import { patches } from './cases/patches.ts';
import { protocol } from './cases/protocol.ts';
import { representations } from './cases/representations.ts';
import { schemas } from './cases/schemas.ts';
import { serverSideApply } from './cases/server-side-apply.ts';
import { subresources } from './cases/subresources.ts';
import { verbs } from './cases/verbs.ts';
import { watches } from './cases/watches.ts';
import { workloads } from './cases/workloads.ts';
import type { Case } from './step.ts';

/** All cases by topic. */
export const topics: Readonly<Record<string, readonly Case[]>> = {
  verbs,
  metadata,
  patches,
  'server-side apply': serverSideApply,
  lists,
  watches,
  deletion,
  schemas,
  definitions,
  subresources,
  representations,
  protocol,
  workloads,
  kubectl: kubectlCommands,
};
