import { openStatement, type Statement } from '../../src/domain/statements/statement.ts'

/** A daily statement in CNY that has just been opened. */
export function sampleStatement(): Statement {
  return openStatement({
    key: { partyId: 'M-1', entity: 'E-CN', mode: 'SOP', currency: 'CNY', cycle: 'DAILY' },
    partyKind: 'MERCHANT',
    cycleTerms: { kind: 'DAILY', calendar: 'CN', cutoffDay: 1, grace: 0, starts: [] },
    zone: 'Asia/Shanghai',
    periodId: '2026-01-01',
    periodDay: '2026-01-01',
    periodStart: 1_767_196_800_000,
    periodEnd: 1_767_283_200_000,
    closesAt: 1_767_283_200_000,
    keepsAmounts: false,
  })
}
