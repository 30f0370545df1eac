import { checkRuleBook } from '../../domain/rulebook/check.ts'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
import { hashOf } from '../rule-book-file.ts'
import type { Queries } from './queries.ts'

/** A rule book of the log as the domain has it; undefined where that version was not published. */
export async function checkedBook(
  queries: Queries,
  version: number,
): Promise<RuleBook | undefined> {
  const published = await queries.ruleBook(version)
  if (published === undefined) return undefined
  const starts = new Map(published.days.map(({ day, startsAt }) => [day, startsAt]))
  return checkRuleBook(JSON.parse(published.document), {
    hash: hashOf(published.document),
    startOfDay: (day) => starts.get(day),
  }).ruleBook
}
