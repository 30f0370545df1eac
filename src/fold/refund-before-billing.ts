import { convert } from '../domain/billing/conversion.ts'
import type { Goods, Order } from '../domain/billing/order.ts'
import { basesOf } from '../domain/billing/order-bases.ts'
import type { NamedFee, Refund } from '../domain/billing/refund.ts'
import type { Refusal } from '../domain/billing/refusal.ts'
import { exponentOf } from '../domain/money/currency.ts'
import type { Minor } from '../domain/money/money.ts'
import type { Agreement } from '../domain/parties/agreement.ts'
import { orderKey } from './agenda.ts'
import { agreementAt } from './agreements.ts'
import { ledgerOf } from './bill-order.ts'
import type { FoldContext } from './context.ts'
import type { RefundSucceeded } from './events.ts'
import { conversionAt } from './fx-rates.ts'
import { beginEntry, checkFits, endEntry, findHome, type Home } from './homes.ts'
import { outsideCalendar, termsOf } from './order-terms.ts'
import { applied, type Outcome, rejected } from './outcome.ts'
import {
  checkReversals,
  fillReversals,
  homesOfSubmitted,
  type OwnHome,
  postReversals,
  type SubmittedReversal,
  splitOverSubmitted,
} from './submitted-parts.ts'
import { orders } from './tables.ts'

/**
 * A refund of an order that is not billed: it lessens what will be billed and leaves no line, save
 * that what exceeds the order is a COMPENSATION at once, and submitted lines that it names go back.
 */
export function refundBeforeBilling(
  context: FoldContext,
  event: RefundSucceeded,
  order: Order,
  refund: Refund,
): Outcome {
  const { goods } = order
  if (goods === null) return rejected('NOT_ALLOWED_IN_STATE', `order ${order.orderId} has no goods`)
  const plan = planRefund(context, event, order, goods, refund)
  if ('kind' in plan) return plan
  const { calculated, excess, charged, home, reversals } = plan
  if (home !== null) {
    fillExcess(context, event, goods, charged, home)
    const refusal = checkFits(context, home)
    if (refusal !== undefined) return rejected(refusal.code, refusal.message)
  }

  // Every check has passed: from here on the record is accepted.
  if (home !== null) {
    fillReversals(context, event, reversals, home)
    endEntry(context, home)
  }
  take(order, refund, calculated, excess)
  context.state.put(orders, orderKey(order.createdAt, order.orderId, order.partyId), order)
  const others = reversals.filter((reversal) => reversal.home !== home)
  postReversals(context, event, others)
  return applied
}

interface Plan {
  /** Named fees that lessen what will be billed. */
  readonly calculated: readonly NamedFee[]
  /** What the refund takes above what is left, by place of the line. */
  readonly excess: readonly Minor[]
  /** The same in the contract's currency. */
  readonly charged: readonly Minor[]
  /** Where the excess goes; null: nowhere. */
  readonly home: Home | null
  readonly reversals: readonly SubmittedReversal[]
}

function planRefund(
  context: FoldContext,
  event: RefundSucceeded,
  order: Order,
  goods: Goods,
  refund: Refund,
): Plan | Outcome {
  const split = splitFees(context, refund)
  if ('kind' in split) return split
  const agreement =
    termsOf(context, order)?.agreement ?? agreementAt(context, order.partyId, event.occurredAt)
  const outside = agreement && outsideCalendar(context, agreement, event.occurredAt)
  if (outside !== undefined) return rejected(outside.code, outside.message)
  const excess = excessOf(goods, order, refund)
  const own = refund.liability === 'MERCHANT' ? ownHome(context, event, agreement, excess) : null
  if (own !== null && 'kind' in own) return own
  const brought = bring(context, event, goods, agreement, { excess, fees: split.submitted })
  if ('code' in brought) return rejected(brought.code, brought.message)
  const charged = brought.excess
  const reversals = planReversals(context, event, order, brought.fees, own, sumOf(charged))
  if ('code' in reversals) return rejected(reversals.code, reversals.message)
  return { calculated: split.calculated, excess, charged, home: own?.home ?? null, reversals }
}

interface Brought {
  readonly excess: readonly Minor[]
  readonly fees: readonly NamedFee[]
}

/** What is due at once in the contract's currency: the order has no rate yet, so by that of now. */
function bring(
  context: FoldContext,
  { occurredAt }: RefundSucceeded,
  { currency }: Goods,
  agreement: Agreement | undefined,
  said: Brought,
): Brought | Refusal {
  const isNeeded = said.fees.length > 0 || sumOf(said.excess) > 0
  if (!isNeeded || agreement === undefined) return said
  const conversion = conversionAt(context, currency, agreement.terms, occurredAt)
  if (conversion === null) return said
  if ('code' in conversion) return conversion
  return {
    excess: said.excess.map((amount) => convert(amount, conversion)),
    fees: said.fees.map((fee) => ({ ...fee, amount: convert(fee.amount, conversion) })),
  }
}

function planReversals(
  context: FoldContext,
  event: RefundSucceeded,
  order: Order,
  fees: readonly NamedFee[],
  own: OwnHome | null,
  excess: Minor,
): readonly SubmittedReversal[] | Refusal {
  const shares = splitOverSubmitted(context, order, fees)
  if (!Array.isArray(shares)) return shares
  const reversals = homesOfSubmitted(context, order, shares, event, own)
  if (!Array.isArray(reversals)) return reversals
  return checkReversals(reversals, own?.home ?? null, excess) ?? reversals
}

interface SplitFees {
  /** Lessen what will be billed. */
  readonly calculated: readonly NamedFee[]
  /** Go back at once. */
  readonly submitted: readonly NamedFee[]
}

function splitFees({ books, row }: FoldContext, { fees }: Refund): SplitFees | Outcome {
  const ruleBook = books.ruleBook(row.ruleBookVersion)
  const calculated: NamedFee[] = []
  const submitted: NamedFee[] = []
  for (const fee of fees) {
    const feeType = ruleBook.feeTypeByCode.get(fee.feeType)
    if (feeType === undefined) {
      return rejected('FEE_TYPE_UNKNOWN', `fees: ${fee.feeType} is no fee type of the rule book`)
    }
    if (feeType.reversal.policy !== 'UPSTREAM') {
      return rejected('FEE_NOT_SUBMITTABLE', `fees: ${fee.feeType} has no policy UPSTREAM`)
    }
    if (feeType.source === 'CALCULATED') calculated.push(fee)
    else submitted.push(fee)
  }
  return { calculated, submitted }
}

function excessOf(goods: Goods, { refunded }: Order, refund: Refund): Minor[] {
  const { net } = basesOf(goods, exponentOf(goods.currency) ?? 0)
  return net.map((amount, place) => {
    const left = amount - (refunded.amount[place] as Minor)
    return Math.max((refund.amount[place] as Minor) - left, 0)
  })
}

/** Where the excess goes; null where there is none. */
function ownHome(
  context: FoldContext,
  event: RefundSucceeded,
  agreement: Agreement | undefined,
  excess: readonly Minor[],
): OwnHome | Outcome | null {
  if (sumOf(excess) === 0) return null
  if (agreement === undefined) {
    return rejected('PARTY_UNKNOWN', `${event.partyId} has no contract and matches no template`)
  }
  const ledger = ledgerOf(event.partyId, { agreement })
  const home = findHome(context, ledger, event.occurredAt, event.refundId)
  return 'code' in home ? rejected(home.code, home.message) : { ledger, home }
}

function sumOf(amounts: readonly Minor[]): Minor {
  return amounts.reduce((sum, amount) => sum + amount, 0)
}

function fillExcess(
  context: FoldContext,
  event: RefundSucceeded,
  goods: Goods,
  excess: readonly Minor[],
  home: Home,
): void {
  beginEntry(context, home, event.eventId)
  const { entry } = context
  excess.forEach((amount, place) => {
    if (amount === 0) return
    const at = entry.add('COMPENSATION', 'COMPENSATION', -amount, event.occurredAt)
    entry.orderId[at] = event.orderId
    entry.lineNo[at] = goods.lineNo[place] as number
    entry.sku[at] = goods.sku[place] as string
    entry.originPeriod[at] = home.originPeriod
  })
}

function take(
  { refunded }: Order,
  refund: Refund,
  fees: readonly NamedFee[],
  excess: readonly Minor[],
): void {
  refund.amount.forEach((amount, place) => {
    const taken = amount - (excess[place] as Minor)
    refunded.amount[place] = (refunded.amount[place] as Minor) + taken
    refunded.quantity[place] =
      (refunded.quantity[place] as number) + (refund.quantity[place] as number)
  })
  for (const { feeType, amount } of fees) {
    const known = refunded.fees.find((fee) => fee.feeType === feeType)
    if (known === undefined) refunded.fees.push({ feeType, amount })
    else known.amount += amount
  }
  refunded.freight += refund.freight
}
