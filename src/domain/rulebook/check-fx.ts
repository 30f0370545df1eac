import type { Place } from '../document/place.ts'
import type { FxTerms } from './rule-book.ts'

/** Reads how currencies are converted; null where the rule book says nothing of it. */
export function checkFx(place: Place | undefined): FxTerms | null {
  const fields = place?.fields()
  if (fields === undefined) return null
  const source = fields.required('source')?.id()
  fields.required('at')?.oneOf(['SETTLEABLE_DATE'])
  const fallback = fields.optional('fallback')?.oneOf(['PREVIOUS_PUBLISHED'])
  const maxStaleDays = fields.optional('maxStaleDays')?.integer(0, 36_600)
  const deviationAlert = fields.optional('deviationAlert')?.rate()
  fields.close()
  // Where a part could not be read there is a problem, and nothing is compiled.
  return {
    source: source ?? '',
    fallback: fallback !== undefined,
    maxStaleDays: maxStaleDays ?? null,
    deviationAlert: deviationAlert?.fraction ?? null,
  }
}
