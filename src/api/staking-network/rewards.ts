import * as z from 'zod';
import { celRules } from '../schema/kind.ts';
import { SecretKey } from '../secret-key.ts';
import { plainUrl } from './endpoint.ts';

/** Where it is told what accounts have earned: `spec.rewards` of a StakingNetwork. */
export const Rewards = z
  .object({
    proofsUrl: plainUrl('proofsUrlFrom')
      .exactOptional()
      .describe(
        'Where claims and their proofs are, when nothing in the URL is secret: a GET of ADDRESS.json below it, the address in lower case, answers {"claims": [{"epoch": 7, "amount": "1000000000000000000", "proof": ["0x..."]}]}, amounts in the smallest unit of the token, the newest 64 at most.',
      ),
    proofsUrlFrom: SecretKey.exactOptional().describe(
      'Where that URL is, when it has a key or a password in it. The Secret lies in the namespace in which Headframe runs.',
    ),
  })
  .meta(
    celRules({
      rule: 'has(self.proofsUrl) != has(self.proofsUrlFrom)',
      message: 'must set either proofsUrl or proofsUrlFrom',
    }),
  );
export type Rewards = z.infer<typeof Rewards>;
