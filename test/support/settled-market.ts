import { demoRuleBookIn } from '../../src/adapters/generator/demo-rule-book.ts'
import { type MarketplaceOptions, marketplace } from '../../src/adapters/generator/marketplace.ts'
import { checkRuleBookFile } from '../../src/app/process/publish.ts'
import { ruleBookOf } from '../../src/app/rule-book-file.ts'
import type { RuleBook } from '../../src/domain/rulebook/rule-book.ts'
import { type Json, openWorld } from './world.ts'

/** A generated month that was settled, as its files would have it. */
export interface SettledMarket {
  readonly lines: readonly Json[]
  readonly statements: readonly Json[]
  readonly ruleBook: RuleBook
}

const small: MarketplaceOptions = {
  seed: 5,
  events: 1_500,
  merchants: 12,
  days: 30,
  start: '2026-06-01',
  zone: 'Asia/Shanghai',
}

/** Generates and settles a small month in memory. */
export async function settledMarket(
  options: Partial<MarketplaceOptions> = {},
): Promise<SettledMarket> {
  const month = { ...small, ...options }
  const document = demoRuleBookIn(month.zone) as unknown as Json
  const world = await openWorld({ ruleBook: document })
  for (const event of marketplace(month)) await world.send(event as unknown as Json)
  const ruleBook = checkRuleBookFile('rulebook', ruleBookOf(document))
  return { lines: world.lines(), statements: await world.statements(), ruleBook }
}
