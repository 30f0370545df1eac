import type { BaseFilter, Condition } from './rebate.ts'

/** What a base filter asks of a line and of its order. */
export interface FilterFacts {
  readonly gift: boolean
  readonly tags: readonly string[]
  readonly status: string
}

/** Whether a line counts towards the base. */
export function counts({ include, exclude }: BaseFilter, facts: FilterFacts): boolean {
  return meetsAll(include, facts) && !meetsAny(exclude, facts)
}

function meetsAll({ gift, tags, status }: Condition, facts: FilterFacts): boolean {
  if (gift !== null && gift !== facts.gift) return false
  if (tags !== null && !tags.some((tag) => facts.tags.includes(tag))) return false
  return status === null || status.includes(facts.status)
}

function meetsAny({ gift, tags, status }: Condition, facts: FilterFacts): boolean {
  if (gift !== null && gift === facts.gift) return true
  if (tags?.some((tag) => facts.tags.includes(tag))) return true
  return status?.includes(facts.status) === true
}
