import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoRuleBookIn } from '../../../../src/adapters/generator/demo-rule-book.ts'
import { differenceText, diffRuleBooks } from '../../../../src/app/rules/diff.ts'
import type { Json } from '../../../support/world.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-diff-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Book {
  version: number
  feeTypes: Json[]
  schedules: (Json & { versions: Json[] })[]
  contractTemplates: (Json & { contract: Json })[]
}

function changes(change: (book: Book) => void): string[] {
  const [before, after] = ['before', 'after'].map((name) => join(folder, `${name}.json`))
  const book = demoRuleBookIn('Asia/Shanghai') as unknown as Book
  writeFileSync(before as string, JSON.stringify(book))
  const next = structuredClone(book)
  next.version += 1
  change(next)
  writeFileSync(after as string, JSON.stringify(next))
  return diffRuleBooks(before as string, after as string).map(differenceText)
}

test('a new version of the same rules is no difference, however its parts are ordered', () => {
  expect(changes((book) => void book.schedules.reverse())).toEqual([])
})

test('F58: a changed rate is named by schedule and version, and equal decimals are equal', () => {
  const found = changes(({ schedules }) => {
    const shares = schedules.filter(({ versions }) => {
      return (versions[0]?.formula as Json | undefined)?.type === 'SHARE'
    })
    ;(shares[0]?.versions[0]?.formula as { rate: string }).rate = '0.0999'
    const other = shares[1]?.versions[0]?.formula as { rate: string }
    other.rate = `${other.rate}0`
  })
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(
    /^~ schedules\..+\.versions\.\d{4}-\d\d-\d\d\.formula\.rate: .+ → 0\.0999$/,
  )
})

test('added and removed parts, a moved fee type and a changed contract are told', () => {
  const found = changes((book) => {
    book.schedules.push({ scheduleId: 'fs-new', feeType: 'X', match: {}, versions: [] })
    const [first, second] = book.feeTypes
    book.feeTypes.splice(0, 2, second as Json, first as Json)
    const contract = book.contractTemplates[0]?.contract as Json
    ;(contract as { cycle: Json }).cycle = { ...(contract.cycle as Json), graceHours: 12 }
  })
  expect(found.map((text) => text.split(':')[0])).toEqual(
    expect.arrayContaining(['~ feeTypes (order of lines)', '+ schedules.fs-new']),
  )
  expect(found.some((text) => /^~ contractTemplates\..*graceHours: \d+ → 12$/.test(text))).toBe(
    true,
  )
})
