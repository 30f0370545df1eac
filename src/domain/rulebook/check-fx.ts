import type { Place } from '../document/place.ts'

/** Checks the conversion of currencies: this version accepts it and does not apply it. */
export function checkFx(place: Place | undefined): void {
  const fields = place?.fields()
  if (fields === undefined) return
  fields.required('source')?.id()
  fields.required('at')?.oneOf(['SETTLEABLE_DATE'])
  fields.optional('fallback')?.oneOf(['PREVIOUS_PUBLISHED'])
  fields.optional('maxStaleDays')?.integer(0, 36_600)
  fields.optional('deviationAlert')?.rate()
  fields.close()
}
