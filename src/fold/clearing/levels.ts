import type { Minor } from '../../domain/money/money.ts'
import type { ApprovalItem, Terms } from '../../domain/parties/contract.ts'

/**
 * The levels that an item of this amount needs, in order: of the rules that reach it the one that
 * starts highest.
 */
export function levelsFor(
  { approval }: Pick<Terms, 'approval'>,
  item: ApprovalItem,
  amount: Minor,
): readonly string[] {
  let levels: readonly string[] = []
  let from = -1
  for (const rule of approval) {
    if (rule.item !== item || Math.abs(amount) < rule.from || rule.from <= from) continue
    levels = rule.levels
    from = rule.from
  }
  return levels
}
