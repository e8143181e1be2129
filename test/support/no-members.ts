import type { Members } from '../../src/controllers/computecluster/members.ts';

/** Other clusters that never answer. */
export const noMembers: Members = {
  view: () => ({ kind: 'connecting' }),
  forget: () => undefined,
  begin: () => undefined,
};
