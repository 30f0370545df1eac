import { table } from './statement-table.ts'

/** A line of `statements.jsonl`, as far as it is shown. */
export interface StatementJson {
  readonly statementId: string
  readonly number?: number
  readonly partyId: string
  readonly entity: string
  readonly mode: string
  readonly currency: string
  readonly zone: string
  readonly cycle: string
  readonly periodStart: string
  readonly periodEnd: string
  readonly status: string
  readonly opening: string
  readonly total: string
  readonly closing: string
  readonly taxTotal: string
  readonly totals: readonly FeeTotalJson[]
  readonly lineCount: number
  readonly entryCount: number
  readonly lateLines: number
  readonly root?: string
  readonly previousRoot?: string
  readonly closedAt?: string
  readonly ruleBookVersions: readonly number[]
}

export interface FeeTotalJson {
  readonly feeType: string
  readonly forward: string
  readonly reverse: string
  readonly other: string
  readonly net: string
}

/** A statement in full, as a terminal shows it. */
export function statementPicture(statement: StatementJson): string {
  const { partyId, entity, mode, currency, status, closedAt } = statement
  const number = statement.number === undefined ? '' : ` no. ${statement.number}`
  const rows = statement.totals.map(({ feeType, forward, reverse, other, net }) => [
    feeType,
    forward,
    reverse,
    other,
    net,
  ])
  const sum = ['total', '', '', '', statement.total]
  const money = table(['fee', 'forward', 'reverse', 'other', 'net'], [...rows, sum], [1, 2, 3, 4])
  return [
    `STATEMENT ${statement.statementId}${number}`,
    `  ${partyId} with ${entity}, mode ${mode}, ${currency}`,
    `  ${statement.cycle} ${statement.periodStart} to ${statement.periodEnd} (${statement.zone})`,
    `  ${status}${closedAt === undefined ? '' : `, closed ${closedAt}`}`,
    `  ${statement.lineCount} lines in ${statement.entryCount} entries, ` +
      `${statement.lateLines} late, ` +
      `rule book version ${statement.ruleBookVersions.join(', ')}, tax ${statement.taxTotal}`,
    '',
    money,
    ...sealOf(statement),
  ].join('\n')
}

function sealOf({ root, previousRoot }: StatementJson): string[] {
  if (root === undefined) return []
  return [`  root      ${root}`, `  previous  ${previousRoot ?? '(the first of its key)'}`, '']
}
