import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { StakeAccountSpec } from '../../api/stake-account/spec.ts';
import { TerminalError } from '../../controller/controller.ts';

/**
 * The account with all defaults: one stored before a field existed lacks it until somebody writes it again.
 * @throws TerminalError when the spec is none that today's schema allows
 */
export function complete(account: Immutable<StakeAccount>): Immutable<StakeAccount> {
  const spec = StakeAccountSpec.safeParse(account.spec);
  if (!spec.success) {
    const issues = spec.error.issues.map(({ path, message }) => `spec.${path.join('.')}: ${message}`);
    throw new TerminalError(
      `the spec is not valid: ${issues.join('; ')}; apply it again as the reference describes it`,
    );
  }
  // Wrong capitals are no reason to refuse an address: nobody but people reads its checksum.
  return { ...account, spec: { ...spec.data, address: spec.data.address.toLowerCase() } };
}
