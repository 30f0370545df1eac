import { isCurrency } from '../../domain/money/currency.ts'
import { type Decimal, decimalText } from '../../domain/money/decimal.ts'
import type { Fraction } from '../../domain/money/money.ts'
import type { FoldContext } from '../context.ts'
import type { FxRatePublished } from '../events.ts'
import { factKey } from '../fact-keys.ts'
import { fxRateKey } from '../fx-rates.ts'
import { giveNotice } from '../notices.ts'
import { applied, type Outcome, rejected } from '../outcome.ts'
import { type FxRate, facts, fxRates } from '../tables.ts'
import { hashOfNew } from './new-fact.ts'

/** Largest rate: a product with the smallest units of any currency stays exact. */
const largest = 1e9

/** Takes a published rate; it is used for what becomes settleable from then on. */
export function foldFxRate(event: FxRatePublished, context: FoldContext): Outcome {
  const { state } = context
  const { pair, publishedAt, rate, source } = event
  const key = factKey('fxRate', '', source, pair, String(publishedAt))
  const hash = hashOfNew(context, event, key, `the rate of ${pair} by ${source}`)
  if ('kind' in hash) return hash
  const [from = '', into = '', ...rest] = pair.split('/')
  if (!isCurrency(from) || !isCurrency(into) || from === into || rest.length > 0) {
    return rejected('SCHEMA_INVALID', 'pair: must be two currencies, like USD/CNY')
  }
  if (rate.unscaled / 10 ** rate.scale > largest) {
    return rejected('OUT_OF_RANGE', `rate: is more than ${largest}`)
  }

  // Every check has passed: from here on the record is accepted.
  state.put(facts, key, hash)
  const rates = [...(state.get(fxRates, fxRateKey(source, pair)) ?? [])]
  const after = rates.findLastIndex((one) => one.publishedAt < publishedAt)
  alert(context, event, rates[after])
  rates.splice(after + 1, 0, { publishedAt, rate })
  state.put(fxRates, fxRateKey(source, pair), rates)
  return applied
}

/** Tells of a rate that leaps from the one before it. */
function alert(context: FoldContext, event: FxRatePublished, before: FxRate | undefined): void {
  const { books, row } = context
  if (before === undefined || row.ruleBookVersion === 0) return
  const { fx } = books.ruleBook(row.ruleBookVersion)
  if (fx === null || fx.deviationAlert === null || fx.source !== event.source) return
  if (!deviates(before.rate, event.rate, fx.deviationAlert)) return
  giveNotice(context, {
    kind: 'FX_RATE_DEVIATES',
    subject: `${event.source}/${event.pair}`,
    partyId: null,
    at: event.publishedAt,
    facts: [
      { name: 'pair', value: event.pair },
      { name: 'previous', value: decimalText(before.rate) },
      { name: 'rate', value: decimalText(event.rate) },
    ],
  })
}

/** Whether |rate − before| ÷ before is more than the limit, exactly. */
function deviates(before: Decimal, rate: Decimal, { numerator, denominator }: Fraction): boolean {
  const was = BigInt(before.unscaled) * 10n ** BigInt(rate.scale)
  const is = BigInt(rate.unscaled) * 10n ** BigInt(before.scale)
  const apart = is > was ? is - was : was - is
  return apart * BigInt(denominator) > was * BigInt(numerator)
}
