import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OutputFile, outputFiles, summaryOf } from './settle-process.ts'
import type { Json } from './world.ts'

// Runs of `settle process` over a generated stream whose guides earn commission.

/** Adds a contract and a plan for the guides of a generated stream to its rule book. */
export function addGuidePlans(rules: string): void {
  const book = JSON.parse(readFileSync(rules, 'utf8'))
  const [merchant] = book.contractTemplates
  const { calendar } = merchant.contract.cycle
  const contract = {
    ...merchant.contract,
    partyKind: 'GUIDE',
    mode: 'CPS',
    cycle: { kind: 'WEEKLY', calendar, graceHours: 6 },
    confirmation: { required: true, autoConfirmDays: 3 },
    payout: { termDays: 7, minimum: '20.00', negative: 'CARRY_FORWARD' },
  }
  book.contractTemplates.push({ match: { partyId: ['G-*'] }, contract })
  book.guidePlans = [{ planId: 'gp-1', match: { partyId: ['G-*'] }, versions: [version] }]
  writeFileSync(rules, JSON.stringify(book))
}

const version = {
  validFrom: '2025-01-01',
  components: [
    { code: 'BASE', formula: { type: 'SHARE', of: 'NET', rate: '0.03' } },
    { code: 'FIXED', formula: { type: 'FIXED', amount: '0.50', per: 'ORDER' } },
    {
      code: 'BONUS',
      formula: {
        type: 'TIERED',
        method: 'GRADUATED',
        tiers: [
          { from: '100', rate: '0.01' },
          { from: '500', rate: '0.02' },
        ],
      },
    },
    { code: 'TEAM_1', formula: { type: 'SHARE_OF_COMPONENT', of: 'BASE', rate: '0.10', level: 1 } },
    { code: 'TEAM_2', formula: { type: 'SHARE_OF_COMPONENT', of: 'BASE', rate: '0.05', level: 2 } },
  ],
  deductions: [
    { code: 'SERVICE', rate: '0.02' },
    { code: 'WITHDRAWAL', amount: '1.00', per: 'PAYOUT' },
  ],
  clawback: { policy: 'PROPORTIONAL', windowDays: 30, byReason: { QUALITY: 'MERCHANT_BEARS' } },
}

/** Puts the guides into teams, from the first instant of a generated stream on. */
export function addTeams(events: string): void {
  const text = readFileSync(events, 'utf8')
  const { occurredAt } = JSON.parse(text.slice(0, text.indexOf('\n')))
  const changes = Array.from({ length: 59 }, (_, index) => ({
    type: 'TeamMembershipChanged',
    eventId: `team:${nameOf(index + 2)}`,
    occurredAt,
    partyId: nameOf(index + 2),
    changeId: `T-${index + 2}`,
    validFrom: occurredAt,
    upline: nameOf(Math.floor((index + 2) / 2)),
  }))
  writeFileSync(events, `${changes.map((change) => JSON.stringify(change)).join('\n')}\n${text}`)
}

function nameOf(number: number): string {
  return `G-${String(number).padStart(3, '0')}`
}

/** What a run gave, without what may differ by the order in which loopback records arrived. */
export function outcomeOf(out: string): Record<OutputFile | 'summary', unknown> {
  const { log: _log, ...summary } = summaryOf(out)
  const files = outputFiles.map((name) => [name, rowsOf(join(out, name))] as const)
  return { ...(Object.fromEntries(files) as Record<OutputFile, string[]>), summary }
}

function rowsOf(path: string): string[] {
  const rows = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return rows.map((row) => withoutPlaces(JSON.parse(row))).sort()
}

function withoutPlaces(row: Json): string {
  const { partition: _partition, offset: _offset, ...rest } = row
  if (!String(rest.partyId).startsWith('G-')) return JSON.stringify(rest)
  const { seq: _seq, entryNo: _entryNo, lineId: _lineId, originLineId: _origin, ...line } = rest
  const { root: _root, previousRoot: _previous, ...statement } = line
  return JSON.stringify(statement)
}
