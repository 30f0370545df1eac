import { beforeAll, describe, expect, test } from 'vitest'
import { isFault, readLine } from '../../../../src/app/verify/read-line.ts'
import { explainLine } from '../../../../src/domain/explain/explain-line.ts'
import type { Evidence, Figure, SettledLine } from '../../../../src/domain/explain/line.ts'
import type { RuleBook } from '../../../../src/domain/rulebook/rule-book.ts'
import { settledMarket } from '../../../support/settled-market.ts'
import type { Json } from '../../../support/world.ts'
import { retainingMarket } from './retaining-market.ts'

// A line explains itself, and one altered figure of it does not.

interface Sample {
  readonly line: SettledLine
  readonly evidence: Evidence
}

let samples: Sample[] = []

beforeAll(async () => {
  const market = await settledMarket({ events: 4_000, merchants: 25 })
  const retaining = await retainingMarket()
  samples = [
    ...samplesOf(market.lines, market.ruleBook),
    ...samplesOf(retaining.lines, retaining.ruleBook),
  ]
})

function samplesOf(lines: readonly Json[], ruleBook: RuleBook): Sample[] {
  const settled = lines.map(settledLine)
  const byOrder = new Map<string, SettledLine[]>()
  for (const line of settled) {
    byOrder.set(caseOf(line), [...(byOrder.get(caseOf(line)) ?? []), line])
  }
  return settled.map((line) => ({
    line,
    evidence: {
      lines: byOrder.get(caseOf(line)) ?? [],
      ruleBook: (version) => (version === 1 ? ruleBook : undefined),
    },
  }))
}

function caseOf({ statementId, orderId, originLineId, lineId }: SettledLine): string {
  const [party] = statementId.split('/')
  return orderId === null ? (originLineId ?? lineId) : `${party}/${orderId}`
}

function settledLine(json: Json): SettledLine {
  const read = readLine(json)
  if (isFault(read)) throw new Error(read.message)
  const currency = String(json.currency)
  return { ...read.entry, ...read.line, lineId: String(json.lineId), currency }
}

test('every line of a settled month comes out', () => {
  const broken = samples
    .map(({ line, evidence }) => explainLine(line, evidence))
    .filter(({ problems }) => problems.length > 0)
    .map(({ line, problems }) => ({ line, problems }))
  expect(broken).toEqual([])
})

test('every leg and kind of basis of this version is among them', () => {
  const kinds = new Set(samples.map(({ line }) => kindOf(line)))
  expect([...kinds].sort()).toEqual(expect.arrayContaining([...allKinds]))
})

const allKinds = [
  'ADJUSTMENT given',
  'COMPENSATION given',
  'FORWARD BUYER_GOODS',
  'FORWARD BUYER_PAID',
  'FORWARD COST',
  'FORWARD FREIGHT',
  'FORWARD NET',
  'FORWARD ORDER',
  'FORWARD PLATFORM_DISCOUNT:COUPON',
  'FORWARD UNIT',
  'RETENTION RETAINED',
  'REVERSE COMMISSION',
  'REVERSE FULL_ON_ANY_REFUND',
  'REVERSE FULL_ON_FULL_REFUND',
  'REVERSE NET',
  'REVERSE UPSTREAM',
  'SUBMITTED given',
] as const

function kindOf({ leg, basis }: SettledLine): string {
  return `${leg} ${basis?.of ?? 'given'}`
}

/** One figure of a line altered; undefined where the line has no such figure. */
type Alteration = (line: SettledLine) => SettledLine | undefined

function ofBasis(change: (basis: NonNullable<SettledLine['basis']>) => object): Alteration {
  return (line) => {
    if (line.basis === null) return undefined
    const changed = change(line.basis)
    return { ...line, basis: { ...line.basis, ...changed } }
  }
}

function exactPlusOne(exact: string | null): string {
  const [numerator, denominator] = (exact ?? '0/1').split('/') as [string, string]
  return `${BigInt(numerator) + 1n}/${denominator}`
}

const alterations: readonly (readonly [Figure, Alteration])[] = [
  ['of', ofBasis(() => ({ of: 'LIST' }))],
  ['base', ofBasis(({ base }) => ({ base: (base ?? 0) + 1 }))],
  ['base', ofBasis(({ base }) => ({ base: (base ?? 0) - 1 }))],
  ['rate', ofBasis(({ rate }) => ({ rate: rate === null ? '0.01' : `${rate}1` }))],
  ['exact', ofBasis(({ exact }) => ({ exact: exactPlusOne(exact) }))],
  ['exact', ofBasis(() => ({ exact: null }))],
  ['amount', (line) => (line.basis === null ? undefined : { ...line, amount: line.amount + 1 })],
  ['amount', (line) => (line.basis === null ? undefined : { ...line, amount: -line.amount })],
  [
    'taxAmount',
    (line) => (line.basis === null ? undefined : { ...line, taxAmount: (line.taxAmount ?? 0) + 1 }),
  ],
  ['ruleId', (line) => ({ ...line, ruleId: 'fs-of-nobody' })],
  [
    'ruleId',
    (line) => ({ ...line, ruleId: line.ruleId === 'fs-goods' ? 'fs-freight' : 'fs-goods' }),
  ],
  [
    'ruleBookVersion',
    (line) => (line.ruleBookVersion === null ? undefined : { ...line, ruleBookVersion: 2 }),
  ],
  ['feeType', (line) => ({ ...line, feeType: 'FEE_OF_NOBODY' })],
]

/** How many lines of a kind are altered. */
const perKind = 40

describe.each(allKinds)('of a line %s', (kind) => {
  test('no altered figure comes out', () => {
    const some = samples.filter(({ line }) => kindOf(line) === kind).slice(0, perKind)
    const unnoticed = some.flatMap((sample) =>
      alterations
        .map(([figure, alter]) => ({ figure, altered: alter(sample.line) }))
        .filter(({ altered }) => altered !== undefined && comesOut(sample, altered))
        .map(({ figure, altered }) => ({ figure, line: sample.line, altered })),
    )
    expect(unnoticed).toEqual([])
  })
})

function comesOut({ line, evidence }: Sample, altered: SettledLine): boolean {
  const lines = evidence.lines.map((other) => (other === line ? altered : other))
  return explainLine(altered, { ...evidence, lines }).problems.length === 0
}
