import { clawedOf } from '../../domain/guides/clawback.ts'
import { exactShare } from '../../domain/money/money.ts'
import type { FoldContext } from '../context.ts'
import type { GuideClawedBack } from '../events.ts'
import { beginEntry, checkFits, endEntry, findHome, type Home, keepHome } from '../homes.ts'
import { type Credit, credits } from '../rows/guide-rows.ts'
import { statements } from '../tables.ts'
import { creditKey } from './credited.ts'
import { receive, sendClawback } from './loops.ts'
import { addResult } from './plan-results.ts'

/** Takes back of a credit what a refund takes, and tells the upline that had a share of it. */
export function foldGuideClawedBack(event: GuideClawedBack, context: FoldContext): void {
  if (!receive(context, event)) return
  const key = creditKey(event.partyId, event)
  const credit = context.state.get(credits, key)
  if (credit === undefined || event.part <= credit.part) return
  if (credit.statementId !== null) takeBack(context, event, credit, credit.statementId)
  credit.part = event.part
  context.state.put(credits, key, credit)
  if (credit.upline === null) return
  sendClawback(context, {
    eventId: event.eventId,
    occurredAt: event.occurredAt,
    partyId: credit.upline,
    sellerId: event.sellerId,
    merchantId: event.merchantId,
    orderId: event.orderId,
    orderCreatedAt: event.orderCreatedAt,
    refundId: event.refundId,
    part: event.part,
    whole: event.whole,
  })
}

function takeBack(
  context: FoldContext,
  event: GuideClawedBack,
  credit: Credit,
  statementId: string,
): void {
  const home = homeOf(context, event, statementId)
  const { entry } = context
  beginEntry(context, home, event.eventId)
  let taken = 0
  for (const line of credit.lines) {
    const target = clawedOf(line.amount, event.part, event.whole)
    const amount = target - line.clawed
    if (amount <= 0) continue
    line.clawed = target
    taken += amount
    const at = entry.add(line.code, 'CLAWBACK', -amount, event.occurredAt)
    entry.orderId[at] = event.orderId
    entry.originLineId[at] = `${statementId}#${line.seq}`
    entry.originPeriod[at] = home.originPeriod
    entry.basisOf[at] = 'NET'
    entry.basisBase[at] = event.part
    const share = { numerator: line.amount, denominator: event.whole }
    entry.basisExact[at] = `-${exactShare(event.part, share)}`
    entry.ruleId[at] = credit.planId
    entry.ruleBookVersion[at] = credit.ruleBookVersion
  }
  const overflow = checkFits(context, home)
  if (overflow !== undefined) throw new Error(overflow.message)
  const sales = credit.isSale ? credit.part - event.part : 0
  if (entry.count === 0 && sales === 0) return
  addResult(context, home.statement.statementId, credit.planId, sales, -taken)
  endEntry(context, home)
  if (entry.count === 0) keepHome(context, home)
}

/** By the key of the credit's own statement, in the period that holds the refund. */
function homeOf(context: FoldContext, event: GuideClawedBack, statementId: string): Home {
  const statement = context.state.get(statements, statementId)
  if (statement === undefined) throw new Error(`${statementId} is not in the state`)
  const { partyId, entity, mode, currency, cycle, partyKind, cycleTerms } = statement
  const key = { partyId, entity, mode, currency, cycle }
  const ledger = { key, partyKind, cycle: cycleTerms }
  const home = findHome(context, ledger, event.occurredAt, event.refundId)
  // The merchant's calendar holds the refund, and calendars are published over one span.
  if ('code' in home) throw new Error(`${event.refundId} has no period: ${home.message}`)
  return home
}
