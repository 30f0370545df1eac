import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Counts } from '../../src/fold/rows/partition-row.ts'
import { eventsOf, streamBook, streams } from '../support/streams.ts'
import { type Json, openWorld, type World } from '../support/world.ts'

const sum = ({ applied, duplicates, waiting, rejected }: Counts): number =>
  applied + duplicates + waiting + rejected

async function counted(world: World): Promise<number> {
  const { party, broadcast } = await world.row()
  return sum(party) + sum(broadcast)
}

// 3.10, R15: nothing is ever dropped, and nothing counts twice.
test('records consumed = applied + duplicates + waiting + rejected, after every record', async () => {
  await fc.assert(
    fc.asyncProperty(streams, async (waves) => {
      const world = await openWorld({ ruleBook: streamBook })
      const published = await counted(world)
      let sent = 0
      for (const event of eventsOf(waves)) {
        await world.send(event)
        sent += 1
        expect(await counted(world)).toBe(published + sent)
      }
      await world.sendBytes(new Uint8Array([1, 2, 3]))
      await world.sendBytes(new Uint8Array([1, 2, 3]))
      expect(await counted(world)).toBe(published + sent + 2)
    }),
    { numRuns: 40 },
  )
})

// I2, I3, I8, I10, and numbers: the laws of statements, over whole streams.
test('statements keep their laws, whatever comes', async () => {
  await fc.assert(
    fc.asyncProperty(streams, async (waves) => {
      const world = await openWorld({ ruleBook: streamBook })
      const sealed = new Map<unknown, Json>()
      for (const event of eventsOf(waves)) {
        await world.send(event)
        checkSealed(sealed, await world.statements())
      }
      await checkLaws(world)
    }),
    { numRuns: 40 },
  )
})

/** I8: what was sealed once stays as it was. */
function checkSealed(sealed: Map<unknown, Json>, statements: readonly Json[]): void {
  for (const statement of statements) {
    const { statementId, status } = statement
    const before = sealed.get(statementId)
    if (before !== undefined) expect(statement).toEqual(before)
    else if (status === 'FINALISED') sealed.set(statementId, statement)
  }
}

async function checkLaws(world: World): Promise<void> {
  const statements = await world.statements()
  const numbers = new Map<string, number[]>()
  for (const statement of statements) {
    const own = world.lines().filter(({ statementId }) => statementId === statement.statementId)
    const cents = (rows: Json[], field: string): number =>
      rows.reduce((total, row) => total + Math.round(Number(row[field]) * 100), 0)
    expect(cents([statement], 'total')).toBe(cents(own, 'amount'))
    expect(cents(statement.totals as Json[], 'net')).toBe(cents(own, 'amount'))
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index + 1))
    expect(statement.lineCount).toBe(own.length)
    for (const { partyId, currency } of own) {
      expect([partyId, currency]).toEqual([statement.partyId, statement.currency])
    }
    if (statement.number === undefined) continue
    const key = String(statement.statementId).split('/').slice(0, 4).join('/')
    numbers.set(key, [...(numbers.get(key) ?? []), Number(statement.number)])
  }
  for (const given of numbers.values()) {
    expect(given.sort((a, b) => a - b)).toEqual(given.map((_, index) => index + 1))
  }
}
