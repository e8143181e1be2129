import * as z from 'zod';
import { usDollars } from '../schema/fields.ts';
import { celRules } from '../schema/kind.ts';
import { SecretKey } from '../secret-key.ts';
import { plainUrl } from './endpoint.ts';

const Http = z
  .object({
    url: plainUrl('urlFrom')
      .exactOptional()
      .describe('Where a GET answers with the price as JSON, when nothing in the URL is secret.'),
    urlFrom: SecretKey.exactOptional().describe(
      'Where that URL is, when it has a key, a password or a query in it. The Secret lies in the namespace in which Headframe runs.',
    ),
    jsonPointer: z
      .string()
      .max(256)
      .meta(
        celRules({
          rule: "self.matches('^(/[^/]*)*$')",
          message: 'must be a JSON pointer (RFC 6901), such as /usd',
        }),
      )
      .describe(
        'Where in the answer the price is, a JSON pointer (RFC 6901) such as /usd: a number, or a string of one.',
      ),
    staleAfterSeconds: z
      .int32()
      .min(60)
      .max(604_800)
      .default(3600)
      .describe('A price that was last seen so many seconds ago is none.'),
    maxDeviationPercent: z
      .int32()
      .min(1)
      .max(1000)
      .default(50)
      .describe(
        'A price that is off the last one by more percent of it is believed only when it is seen three times in a row.',
      ),
  })
  .meta(celRules({ rule: 'has(self.url) != has(self.urlFrom)', message: 'must set either url or urlFrom' }));

/** Where a price comes from. */
export const PriceSource = z
  .object({
    type: z
      .enum(['Static', 'HTTP'])
      .describe('Static: it is written here. HTTP: a server is asked for it every minute.'),
    usd: usDollars().exactOptional().describe('With the type Static: the price, in US dollars.'),
    http: Http.exactOptional().describe('With the type HTTP: where it is asked for.'),
  })
  .meta(
    celRules(
      {
        rule: "(self.type == 'Static') == has(self.usd)",
        message: 'must set usd when type is Static, and only then',
      },
      {
        rule: "(self.type == 'HTTP') == has(self.http)",
        message: 'must set http when type is HTTP, and only then',
      },
    ),
  );
export type PriceSource = z.infer<typeof PriceSource>;

/** What token and coin are worth: `spec.prices` of a StakingNetwork. */
export const Prices = z.object({
  token: PriceSource.exactOptional().describe('What one token is worth.'),
  coin: PriceSource.exactOptional().describe('What one of the chain’s coin is worth.'),
});
export type Prices = z.infer<typeof Prices>;

/** Prices as a status has them. */
export const PricesStatus = z.object({
  tokenUSD: usDollars()
    .exactOptional()
    .describe('What one token is worth, in US dollars. Absent: not known.'),
  coinUSD: usDollars()
    .exactOptional()
    .describe('What one of the chain’s coin is worth, in US dollars. Absent: not known.'),
  observedTime: z.iso
    .datetime()
    .exactOptional()
    .describe(
      'When the older of them was last seen. They are written again when one has changed by more than 1 %, and when half of its staleAfterSeconds is over.',
    ),
});
export type PricesStatus = z.infer<typeof PricesStatus>;
