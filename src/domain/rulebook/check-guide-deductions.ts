import type { Place } from '../document/place.ts'
import type { GuideDeduction } from './guide-plan.ts'

/** Reads what a guide's statement is charged: a rate of the commission, or an amount per payout. */
export function checkGuideDeductions(
  place: Place | undefined,
  codes: Set<string>,
): readonly GuideDeduction[] {
  return (place?.list('code') ?? []).flatMap((item) => readDeduction(item, codes))
}

function readDeduction(item: Place, codes: Set<string>): GuideDeduction[] {
  const fields = item.fields()
  if (fields === undefined) return []
  const code = fields.uniqueId('code', codes)
  fields.optional('zh')?.text()
  const rate = fields.optional('rate')
  const amount = fields.optional('amount')
  const portion = rate?.portion()
  const fixed = amount?.amount()
  if (amount !== undefined) fields.required('per')?.oneOf(['PAYOUT'])
  if ((rate === undefined) === (amount === undefined)) {
    item.refuse('needs either rate, a share of the commission, or amount with per PAYOUT')
  }
  fields.close()
  if (code === undefined) return []
  if (portion !== undefined) {
    return [{ code, rate: portion.fraction, rateText: portion.text }]
  }
  return fixed === undefined ? [] : [{ code, amount: fixed }]
}
