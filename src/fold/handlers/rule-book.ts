import { checkSuccession } from '../../domain/rulebook/check.ts'
import { teamLevels } from '../../domain/rulebook/guide-plan.ts'
import type { RuleBook } from '../../domain/rulebook/rule-book.ts'
import { compile, versionKey } from '../books.ts'
import type { FoldContext } from '../context.ts'
import type { RuleBookPublished } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { startLoops } from '../guides/loops.ts'
import { giveNotice } from '../notices.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { wasRejected } from '../rejections.ts'
import { calendars, facts, ruleBooks } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Makes a sound rule book the one that is billed by; one that is refused changes nothing. */
export function foldRuleBook(event: RuleBookPublished, context: FoldContext): Outcome {
  const { state, row } = context
  const key = factKey('ruleBook', '', event.ruleBookId, String(event.version))
  const hash = hashOfNew(context, event, key, `${event.ruleBookId} ${event.version}`)
  if ('kind' in hash) return hash
  const checked = compile(event, context.tools)
  const { ruleBook } = checked
  const problems = [
    ...checked.problems,
    ...successionProblems(event, context),
    ...zoneProblems(ruleBook, context),
  ]
  if (ruleBook === undefined || problems.length > 0) {
    if (!wasRejected(context, { hash, code: 'RULE_BOOK_REFUSED' })) {
      noticeRefused(event, context, problems)
    }
    const all = problems.map(({ path, message }) => `${path}: ${message}`)
    return rejected('RULE_BOOK_REFUSED', all.join('; '))
  }

  // Every check has passed: from here on the record is accepted.
  state.put(ruleBooks, versionKey(event.version), event)
  state.put(facts, key, hash)
  row.ruleBookVersion = event.version
  const { guidePlans } = ruleBook
  if (guidePlans.length > 0) startLoops(context, teamLevels(guidePlans))
  noticeNotApplied(event, context, ruleBook)
  return applied
}

interface Problem {
  readonly path: string
  readonly message: string
}

function successionProblems(event: RuleBookPublished, { books, row }: FoldContext): Problem[] {
  const document = JSON.parse(event.document)
  const current = row.ruleBookVersion === 0 ? undefined : books.ruleBook(row.ruleBookVersion)
  const problems: Problem[] = [...checkSuccession(document, current)]
  if (current !== undefined && current.ruleBookId !== event.ruleBookId) {
    const message = `must be ${current.ruleBookId}, which this log is billed by`
    problems.push({ path: 'ruleBookId', message })
  }
  return problems
}

/** The days of a calendar that is published never change, so it cannot move to another zone. */
function zoneProblems(ruleBook: RuleBook | undefined, { state }: FoldContext): Problem[] {
  const problems: Problem[] = []
  for (const [calendarId, { zone }] of ruleBook?.calendars ?? []) {
    const published = state.get(calendars, calendarId)
    if (published === undefined || published.zone === zone) continue
    const message = `must stay ${published.zone}: earlier days of a calendar never change`
    problems.push({ path: `calendars.${calendarId}.zone`, message })
  }
  return problems
}

function noticeRefused(
  event: RuleBookPublished,
  context: FoldContext,
  problems: readonly Problem[],
): void {
  giveNotice(context, {
    kind: 'RULE_BOOK_REJECTED',
    subject: `${event.ruleBookId}@${event.version}`,
    partyId: null,
    at: event.occurredAt,
    facts: problems.map(({ path, message }) => ({ name: path, value: message })),
  })
}

function noticeNotApplied(
  event: RuleBookPublished,
  context: FoldContext,
  { notApplied }: RuleBook,
): void {
  if (notApplied.length === 0) return
  giveNotice(context, {
    kind: 'NOT_APPLIED',
    subject: `${event.ruleBookId}@${event.version}`,
    partyId: null,
    at: event.occurredAt,
    facts: notApplied.map((section) => ({ name: 'section', value: section })),
  })
}
