import { planVersionAt } from '../../domain/guides/choose-plan.ts'
import { type Commission, commissionsOf } from '../../domain/guides/commission.ts'
import { exponentOf } from '../../domain/money/currency.ts'
import type { Minor } from '../../domain/money/money.ts'
import { type GuidePlanVersion, teamLevels } from '../../domain/rulebook/guide-plan.ts'
import { instantKey } from '../agenda.ts'
import { agreementAt } from '../agreements.ts'
import { ledgerOf } from '../bill-order.ts'
import type { FoldContext } from '../context.ts'
import type { GuideCredited, SoldOrder } from '../events.ts'
import { beginEntry, checkFits, endEntry, findHome, type Home, keepHome } from '../homes.ts'
import { giveNotice } from '../notices.ts'
import { keepOpenGuided } from '../open-ahead.ts'
import { type CreditLine, credits, uplines } from '../rows/guide-rows.ts'
import { receive, sendCredit } from './loops.ts'
import { addResult } from './plan-results.ts'

// The guide's side of an order that was billed: the commission goes to his statement, and what his
// upline gets of it is sent on.

/** Credits a guide, or an upline of the seller, and tells the next upline. */
export function foldGuideCredited(event: GuideCredited, context: FoldContext): void {
  if (!receive(context, event)) return
  const { guidePlans } = context.books.ruleBook(event.ruleBookVersion)
  const plan = guidePlans.find(({ planId }) => planId === event.planId)
  const version = plan && planVersionAt(plan, event.occurredAt)
  if (plan === undefined || version === undefined) return
  const exponent = exponentOf(event.currency) ?? 0
  const part = (of: string): number => event.parts.find((item) => item.of === of)?.amount ?? 0
  const { level, lineCount, units } = event
  const sale = { level, exponent, lineCount, units, part }
  const commissions = commissionsOf(version.components, sale)
  const home = homeOf(context, event)
  const lines = home === undefined ? undefined : credit(context, event, home, commissions)
  // Of an order that the seller is not credited for, nobody else gets a share.
  const isEnd = level === 0 && lines === undefined
  const upline = isEnd ? null : uplineOf(context, event, teamLevels([plan]))
  context.state.put(credits, creditKey(event.partyId, event), {
    statementId: isKept(event, lines) ? (home?.statement.statementId ?? null) : null,
    planId: plan.planId,
    ruleBookVersion: event.ruleBookVersion,
    isSale: level === 0,
    upline,
    part: 0,
    lines: lines ?? [],
  })
  if (upline !== null) sendOn(context, event, upline, version, commissions)
}

/** Shares that round to nothing open no statement, and nothing is ever taken back of them. */
function isKept(event: GuideCredited, lines: readonly CreditLine[] | undefined): boolean {
  return lines !== undefined && (lines.length > 0 || salesOf(event) !== 0)
}

/** What counts for the party's own tiers: sales of his team do not. */
function salesOf({ level, net }: GuideCredited): Minor {
  return level === 0 ? net : 0
}

/** The key in `credits`. */
export function creditKey(partyId: string, order: SoldOrder): string {
  const { orderCreatedAt, orderId, merchantId, sellerId } = order
  return [partyId, instantKey(orderCreatedAt) + orderId, merchantId, sellerId].join('\0')
}

/** Undefined: the guide is not credited, as no contract matches, or for a reason that is told. */
function homeOf(context: FoldContext, event: GuideCredited): Home | undefined {
  const { partyId, occurredAt, orderId, currency } = event
  const agreement = agreementAt(context, partyId, occurredAt)
  if (agreement === undefined) return undefined
  if (agreement.terms.currency !== currency) {
    const own = agreement.terms.currency
    return refuse(context, event, `the order is in ${currency}, the guide is settled in ${own}`)
  }
  const home = findHome(context, ledgerOf(partyId, { agreement }), occurredAt, orderId)
  return 'code' in home ? refuse(context, event, home.message) : home
}

function refuse(context: FoldContext, event: GuideCredited, why: string): undefined {
  const { partyId, orderId, merchantId, occurredAt: at } = event
  giveNotice(context, {
    kind: 'GUIDE_NOT_CREDITED',
    subject: `${partyId}:${merchantId}:${orderId}`,
    partyId,
    at,
    facts: [
      { name: 'orderId', value: orderId },
      { name: 'reason', value: why },
    ],
  })
  return undefined
}

function credit(
  context: FoldContext,
  event: GuideCredited,
  home: Home,
  commissions: readonly Commission[],
): CreditLine[] | undefined {
  const { entry } = context
  beginEntry(context, home, event.eventId)
  const lines = commissions.map((commission): CreditLine => {
    const { code, amount } = commission
    const at = addCommission(context, event, commission)
    entry.originPeriod[at] = home.originPeriod
    return { code, amount, clawed: 0, seq: entry.firstSeq + at }
  })
  const overflow = checkFits(context, home)
  if (overflow !== undefined) return refuse(context, event, overflow.message)
  const commission = lines.reduce((sum, { amount }) => sum + amount, 0)
  const sales = salesOf(event)
  if (!isKept(event, lines)) return lines
  addResult(context, home.statement.statementId, event.planId, sales, commission)
  endEntry(context, home)
  if (lines.length === 0) keepHome(context, home)
  keepOpenGuided(context, event.partyId, event.occurredAt)
  return lines
}

function addCommission(context: FoldContext, event: GuideCredited, commission: Commission): number {
  const { entry } = context
  const at = entry.add(commission.code, 'COMMISSION', commission.amount, event.occurredAt)
  entry.orderId[at] = event.orderId
  entry.basisOf[at] = commission.basisOf
  entry.basisBase[at] = commission.basisBase
  entry.basisRate[at] = commission.basisRate
  entry.basisExact[at] = commission.exact
  entry.ruleId[at] = event.planId
  entry.ruleBookVersion[at] = event.ruleBookVersion
  return at
}

/** The upline at the order's instant, as far as the plan rewards one; nobody twice. */
function uplineOf({ state }: FoldContext, event: GuideCredited, levels: number): string | null {
  if (event.level >= levels) return null
  const changes = state.get(uplines, event.partyId) ?? []
  const upline = changes.findLast(({ validFrom }) => validFrom <= event.occurredAt)?.value
  if (upline === undefined || upline === '') return null
  const isKnown = upline === event.partyId || event.chain.includes(upline)
  return isKnown ? null : upline
}

function sendOn(
  context: FoldContext,
  event: GuideCredited,
  upline: string,
  { components }: GuidePlanVersion,
  commissions: readonly Commission[],
): void {
  const own = components.flatMap(({ code }) => {
    const amount = commissions.find((commission) => commission.code === code)?.amount
    return amount === undefined ? [] : [{ of: code, amount }]
  })
  sendCredit(context, {
    eventId: event.eventId,
    occurredAt: event.occurredAt,
    partyId: upline,
    sellerId: event.sellerId,
    merchantId: event.merchantId,
    orderId: event.orderId,
    orderCreatedAt: event.orderCreatedAt,
    level: event.level + 1,
    currency: event.currency,
    ruleBookVersion: event.ruleBookVersion,
    planId: event.planId,
    net: event.net,
    lineCount: event.lineCount,
    units: event.units,
    parts: event.level === 0 ? own : event.parts,
    chain: [...event.chain, event.partyId],
  })
}
