import type { Approval } from './clearing.ts'

/** Someone's word on an item that must be approved. */
export interface ApprovalWord {
  readonly level: string
  readonly by: string
  /** Who may approve instead; only of a delegation. */
  readonly to?: string
}

/** What an item must be approved by, and who may not: whoever submitted it; null: nobody did. */
export interface ApprovalItemState {
  readonly levels: readonly string[]
  readonly submittedBy: string | null
  readonly approval: Approval
}

/** Why the word does not count; undefined: it does. */
export function refuseWord(item: ApprovalItemState, word: ApprovalWord): string | undefined {
  const { approval, levels, submittedBy } = item
  const { level, by } = word
  const next = levels[approval.granted.length]
  if (next === undefined) return 'nothing is left to be approved'
  if (level !== next) return `level: ${level} is not what comes next, ${next}`
  if (by === submittedBy) return `by: ${by} has submitted it and cannot approve it`
  const handedOn = approval.delegations.some((one) => one.level === level && one.from === by)
  if (handedOn) return `by: ${by} has delegated level ${level}`
  if (word.to === undefined) return undefined
  if (word.to === submittedBy) return `to: ${word.to} has submitted it and cannot approve it`
  const known = approval.delegations.some((one) => one.level === level && one.from === word.to)
  return known || word.to === by ? `to: ${word.to} would close a loop of delegations` : undefined
}

/** Grants the next level; true when it was the last. */
export function grant({ approval, levels }: ApprovalItemState, by: string): boolean {
  approval.rejected = false
  approval.granted.push(by)
  return approval.granted.length === levels.length
}

/** Starts again from the first level, after a refusal. */
export function refuseItem({ approval }: ApprovalItemState): void {
  approval.rejected = true
  approval.granted.length = 0
  approval.delegations.length = 0
}
