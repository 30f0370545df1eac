import { type Conversion, conversionOf } from '../domain/billing/conversion.ts'
import { type Refusal, refuse } from '../domain/billing/refusal.ts'
import { dayAt, type Instant } from '../domain/calendar/calendar.ts'
import type { Terms } from '../domain/parties/contract.ts'
import type { FxTerms } from '../domain/rulebook/rule-book.ts'
import type { FoldContext } from './context.ts'
import { type FxRate, fxRates } from './tables.ts'

/** The key in `fxRates`. */
export function fxRateKey(source: string, pair: string): string {
  return `${source}\0${pair}`
}

/**
 * From a currency to the contract's at an instant: null where they are one, a refusal where the
 * rule book converts nothing or no rate can be used.
 */
export function conversionAt(
  context: FoldContext,
  currency: string,
  terms: Terms,
  at: Instant,
): Conversion | Refusal | null {
  if (currency === terms.currency) return null
  const { fx } = context.books.ruleBook(context.row.ruleBookVersion)
  if (fx === null) {
    const why = `order.currency: ${currency}, but the contract is in ${terms.currency}`
    return refuse('CURRENCY_MISMATCH', why)
  }
  const pair = `${currency}/${terms.currency}`
  const rates = context.state.get(fxRates, fxRateKey(fx.source, pair)) ?? []
  const found = rates.findLast(({ publishedAt }) => publishedAt <= at)
  if (found === undefined) {
    const why = `order.currency: ${fx.source} has published no rate of ${pair} by then`
    return refuse('CURRENCY_MISMATCH', why)
  }
  const stale = refuseStale(context, fx, terms, found, at)
  return stale ?? conversionOf(currency, terms.currency, found.rate)
}

/** Ages are whole local days of the contract's calendar: a holiday may go by without a rate. */
function refuseStale(
  { books, row }: FoldContext,
  { fallback, maxStaleDays, source }: FxTerms,
  { cycle, currency }: Terms,
  { publishedAt }: FxRate,
  at: Instant,
): Refusal | undefined {
  const most = fallback ? maxStaleDays : 0
  if (most === null) return undefined
  const calendar = books.calendar(cycle.calendar, row.ruleBookVersion)
  const day = calendar && dayAt(calendar, at)
  const published = calendar && dayAt(calendar, publishedAt)
  if (day !== undefined && published !== undefined && day - published <= most) return undefined
  const why = `order.currency: the rate of ${source} into ${currency} is older than ${most} days`
  return refuse('CURRENCY_MISMATCH', why)
}
