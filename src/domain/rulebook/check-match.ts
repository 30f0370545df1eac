import { type Place, suggestion } from '../document/place.ts'
import { type Match, type MatchKey, matchKeys } from './rule-book.ts'

/** Longest value of a match: `match.ts` packs its length into one small integer. */
export const longestMatchValue = 256

/** Reads a match with keys in the order of `matchKeys`; only `allowed` ones may occur. */
export function readMatch(
  place: Place | undefined,
  allowed: readonly MatchKey[] = matchKeys,
): Match | undefined {
  const fields = place?.fields()
  if (fields === undefined) return undefined
  const keys: MatchKey[] = []
  const values: (readonly string[])[] = []
  let sound = refuseOtherKeys(fields.place, fields.keys(), allowed)
  for (const key of allowed) {
    const field = fields.optional(key)
    if (field === undefined) continue
    const read = key === 'guide' ? readGuide(field) : readValues(field)
    if (read === undefined) sound = false
    keys.push(key)
    values.push(read ?? [])
  }
  return sound ? { keys, values } : undefined
}

/** Equal for two matches that were read and match the same, whatever the order of values. */
export function matchText({ keys, values }: Match): string {
  return keys
    .map((key, at) => `${key}=${[...new Set(values[at])].sort().join('\u0000')}`)
    .join('\u0001')
}

function refuseOtherKeys(
  place: Place,
  keys: readonly string[],
  allowed: readonly MatchKey[],
): boolean {
  const others = keys.filter((key) => !allowed.some((known) => known === key))
  for (const key of others) {
    const isKey = matchKeys.some((known) => known === key)
    place
      .at(key, undefined)
      .refuse(
        isKey
          ? `may not be matched here: only ${allowed.join(', ')}`
          : `is no key of a match${suggestion(key, allowed)}`,
      )
  }
  return others.length === 0
}

function readGuide(place: Place): readonly string[] | undefined {
  const guide = place.flag()
  return guide === undefined ? undefined : [String(guide)]
}

function readValues(place: Place): readonly string[] | undefined {
  const places = place.filledList()
  const values = places?.map(readValue)
  return values?.every((value) => value !== undefined) ? values : undefined
}

function readValue(place: Place): string | undefined {
  const value = place.text()
  if (value === undefined) return undefined
  if (value.length > longestMatchValue) {
    return place.refuse(`is too long: at most ${longestMatchValue} characters`)
  }
  const star = value.indexOf('*')
  if (star < 0 || star === value.length - 1) return value
  return place.refuse(`"${value}" has a * inside: it may only stand at the end`)
}
