import type { Position } from '../ports/log.ts'

/** Below 0 when `left` comes before `right`, 0 when they are the same place. */
export function comparePositions(left: Position, right: Position): number {
  return left.offset - right.offset || left.step - right.step
}

/** `offset` or `offset.step`, for messages. */
export function showPosition({ offset, step }: Position): string {
  return step === 0 ? `${offset}` : `${offset}.${step}`
}
