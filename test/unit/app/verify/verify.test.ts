import { beforeAll, describe, expect, test } from 'vitest'
import type { Json } from '../../../support/world.ts'
import { type Exported, exportedMonth, logOf, verify } from './exported.ts'
import { mutationsOf } from './mutations.ts'

let month: Exported

beforeAll(async () => {
  month = await exportedMonth()
})

/** Of every leg the line with the most fields, so that every field occurs. */
function sampleLines(): Json[] {
  const byLeg = new Map<string, Json>()
  for (const line of month.lines) {
    const leg = `${line.leg} ${line.originPeriod === undefined}`
    const known = byLeg.get(leg)
    const size = JSON.stringify(Object.keys(line)).length
    if (known === undefined || size > JSON.stringify(Object.keys(known)).length) {
      byLeg.set(leg, line)
    }
  }
  return [...byLeg.values()]
}

/**
 * An export of the statement, or with a statement of its party, with one record in another's place.
 */
function withOther(kind: keyof Exported, original: Json, other: Json) {
  const id = String(original.statementId)
  const wanted = kind === 'statements' ? `${id.split('/')[0]}/` : id
  const own = (records: readonly Json[]): Json[] =>
    records.filter(({ statementId }) => String(statementId).startsWith(wanted))
  const exported = {
    statements: own(month.statements),
    lines: own(month.lines),
    seals: own(month.seals),
  }
  const place = exported[kind].indexOf(original)
  expect(place).toBeGreaterThanOrEqual(0)
  exported[kind].splice(place, 1, other)
  return exported
}

describe('what nobody touched', () => {
  test('comes out from the files alone', () => {
    const report = verify(month)
    expect(report).toMatchObject({ breaks: [], notes: [] })
    expect(report.lines).toBe(month.lines.length)
    expect(report.closed).toBe(month.statements.length)
  })

  test('comes out with its seals and by the log', () => {
    expect(verify(month, { withSeals: true }).breaks).toEqual([])
    expect(verify(month, { log: logOf(month) }).breaks).toEqual([])
  })
})

describe('a line with one value altered', () => {
  test('is found from the files alone, whichever value it is', () => {
    const unnoticed = sampleLines().flatMap((line) =>
      mutationsOf(line)
        .filter(({ record }) => verify(withOther('lines', line, record)).breaks.length === 0)
        .map(({ field }) => `${line.leg} ${field}`),
    )
    expect(unnoticed).toEqual([])
  })

  test('is named by its entry with the seals, and by the log', () => {
    const log = logOf(month)
    const wrong = sampleLines().flatMap((line) =>
      mutationsOf(line)
        .filter(({ field }) => !/^(statementId|entryNo|seq)/.test(field))
        .flatMap(({ field, record }) => {
          const exported = withOther('lines', line, record)
          const party = exported.statements.map(({ statementId }) => statementId)
          const own = log.filter(({ statement }) => party.includes(statement.statementId))
          return [verify(exported, { withSeals: true }), verify(exported, { log: own })]
            .map(({ breaks }) => breaks)
            .filter(
              ([first]) =>
                first?.statementId !== line.statementId || first?.entryNo !== line.entryNo,
            )
            .map((breaks) => ({ leg: line.leg, field, entryNo: line.entryNo, breaks }))
        }),
    )
    expect(wrong).toEqual([])
  })
})

describe('a statement with one value altered', () => {
  /** No other record of an export says them. */
  const unsaid = ['partyKind']

  /** The first and the last of a key that has several. */
  function sampleStatements(): Json[] {
    const linked = month.statements.find(({ previousRoot }) => previousRoot !== undefined) as Json
    const key = String(linked.statementId).slice(0, -'2026-06-01'.length)
    const own = month.statements.filter(({ statementId }) => String(statementId).startsWith(key))
    return [own[0], own.at(-1)] as Json[]
  }

  test('is found from the files alone, but for what no other record says', () => {
    const unnoticed = sampleStatements().flatMap((statement) =>
      mutationsOf(statement)
        .filter(({ record }) => {
          return verify(withOther('statements', statement, record)).breaks.length === 0
        })
        .map(({ field }) => field),
    )
    expect([...new Set(unnoticed)].sort()).toEqual(unsaid)
  })

  test('is found with the seals and by the log, whichever value it is', () => {
    const log = logOf(month)
    const unnoticed = sampleStatements().flatMap((statement) =>
      mutationsOf(statement).flatMap(({ field, record }) => {
        const exported = withOther('statements', statement, record)
        return [verify(exported, { withSeals: true }), verify(exported, { log })]
          .filter(({ breaks }) => breaks.length === 0)
          .map(() => field)
      }),
    )
    expect(unnoticed).toEqual([])
  })
})

test('a seal with one value altered is found, whichever it is', () => {
  const head = month.seals.find((seal) => seal.head !== undefined) as Json
  const unnoticed = [month.seals[0] as Json, month.seals[1] as Json, head].flatMap((seal) =>
    mutationsOf(seal)
      .filter(({ record }) => {
        const exported = withOther('seals', seal, record)
        return verify(exported, { withSeals: true }).breaks.length === 0
      })
      .map(({ field }) => field),
  )
  expect(unnoticed).toEqual([])
})

describe('an entry', () => {
  /** The lines of one statement with many entries. */
  function statementLines(): Json[] {
    const { statementId } = month.lines.find(({ entryNo }) => entryNo === 12) as Json
    return month.lines.filter((line) => line.statementId === statementId)
  }

  function verifyLines(change: (lines: Json[]) => Json[]) {
    const own = statementLines()
    const { statementId } = own[0] as Json
    const changed = change(own)
    const lines = month.lines.filter((line) => line.statementId !== statementId)
    const report = verify({ ...month, lines: [...lines, ...changed] })
    expect(report.breaks).toHaveLength(1)
    return report.breaks[0]
  }

  test('that was removed is named', () => {
    const found = verifyLines((lines) => lines.filter(({ entryNo }) => entryNo !== 7))
    expect(found).toMatchObject({ entryNo: 7, check: 'order' })
  })

  test('that was removed from the end is named', () => {
    const last = Math.max(...statementLines().map(({ entryNo }) => Number(entryNo)))
    const found = verifyLines((lines) => lines.filter(({ entryNo }) => entryNo !== last))
    expect(found).toMatchObject({ entryNo: last, check: 'count' })
  })

  test('that was put in a second time is named', () => {
    const found = verifyLines((lines) => {
      const again = lines.filter(({ entryNo }) => entryNo === 5)
      const place = lines.findIndex(({ entryNo }) => entryNo === 6)
      return lines.toSpliced(place, 0, ...again)
    })
    expect(found).toMatchObject({ entryNo: 5, check: 'order' })
  })

  test('that was moved is named', () => {
    const found = verifyLines((lines) => {
      const moved = lines.filter(({ entryNo }) => entryNo === 3)
      return [...lines.filter(({ entryNo }) => entryNo !== 3), ...moved]
    })
    expect(found).toMatchObject({ entryNo: 3, check: 'order' })
  })

  test('that was exchanged with another is named', () => {
    const swap = new Map([
      [4, 9],
      [9, 4],
    ])
    const found = verifyLines((lines) =>
      lines.toSorted((a, b) => {
        const [left, right] = [Number(a.entryNo), Number(b.entryNo)]
        return (swap.get(left) ?? left) - (swap.get(right) ?? right)
      }),
    )
    expect(found).toMatchObject({ entryNo: 4, check: 'order' })
  })

  test('whose amount was changed is narrowed to its fee by the totals', () => {
    const found = verifyLines((lines) => {
      const place = lines.findIndex(({ basis }) => basis !== undefined)
      const line = lines[place] as Json
      return lines.with(place, { ...line, amount: `${line.amount}`.replace(/^-?/, '-1') })
    })
    expect(found?.check).toBe('root')
    expect(found?.message).toMatch(/so it is one of the entries/)
  })
})

describe('a statement', () => {
  test('that was left out of a chain is missed', () => {
    const linked = month.statements.findLast(
      ({ previousRoot, number }) => previousRoot !== undefined && number === 3,
    ) as Json
    const gone = month.statements.find(
      ({ root }) => root !== undefined && root === linked.previousRoot,
    ) as Json
    const without = (records: readonly Json[]): Json[] =>
      records.filter(({ statementId }) => statementId !== gone.statementId)
    const { breaks } = verify({
      ...month,
      statements: without(month.statements),
      lines: without(month.lines),
    })
    expect(breaks).toMatchObject([{ statementId: linked.statementId, check: 'number' }])
  })

  test('whose lines were all removed is named', () => {
    const { statementId } = month.statements[0] as Json
    const lines = month.lines.filter((line) => line.statementId !== statementId)
    expect(verify({ ...month, lines }).breaks).toMatchObject([{ statementId, check: 'count' }])
  })
})
