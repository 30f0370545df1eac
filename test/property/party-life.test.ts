import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf, eventOf, type LifeStep, lifeBook, lifeStep } from '../support/party-life.ts'
import { runs } from '../support/runs.ts'
import { type Json, openWorld, type World } from '../support/world.ts'

const options = {
  ruleBook: lifeBook(),
  from: '2025-06-01T00:00:00Z',
  to: '2026-06-01T00:00:00Z',
}
/** Where a machine is busy fewer lives are tried, but those whole. */
const interruptAfterTimeLimit = 40_000

/** Some weeks of trade first, so that there is something to be said. */
const trade: readonly LifeStep[] = [0, 1, 2].flatMap((week) => [
  { kind: 'sale', which: 0, minor: 3_000 + week, days: 0 },
  { kind: 'sale', which: 0, minor: 2_000 + week, days: 1 },
  { kind: 'tick', which: 0, minor: 0, days: 6 },
])
const lives = fc
  .array(lifeStep, { minLength: 30, maxLength: 60, size: 'max' })
  .map((steps) => [...trade, ...steps])

/** Lives a life, and hands over what was sent and the world that came of it. */
async function lived(
  steps: readonly LifeStep[],
  check: typeof holdsInvariants | null = null,
): Promise<{ events: Json[]; world: World }> {
  const world = await openWorld(options)
  const events: Json[] = []
  let days = 0
  for (const [step, each] of steps.entries()) {
    days += each.days
    const event = eventOf(each, {
      day: dayOf(days),
      step,
      statementIds: (await world.statements()).filter(isClosed).map(idOf),
      instructions: world.instructions() as never,
    })
    if (event === undefined) continue
    events.push(event)
    await world.send(event)
    if (step % 10 === 0) await check?.(world, events)
  }
  await check?.(world, events)
  return { events, world }
}

const isClosed = ({ root }: Json): boolean => root !== undefined
const idOf = ({ statementId }: Json): string => String(statementId)
const minor = (amount: unknown): number => Math.round(Number(amount) * 100)

/** What must be so at any time. */
async function holdsInvariants(world: World, events: readonly Json[]): Promise<void> {
  const statements = await world.statements()
  const lines = world.lines()
  for (const statement of statements) {
    const own = lines.filter((line) => idOf(line) === idOf(statement))
    addsUp(statement, own)
    if (isClosed(statement)) paysWhatIsPayable(statement, world, events)
  }
  const carried = statements.reduce((sum, { closing }) => sum + minor(closing), 0)
  const opened = statements.reduce((sum, { opening }) => sum + minor(opening), 0)
  expect(carried, 'what leaves a statement enters the next (I11)').toBe(opened)
  const { party } = await world.row()
  const consumed = events.filter(({ partyId }) => partyId !== undefined).length
  expect(party.applied + party.duplicates + party.waiting + party.rejected).toBe(consumed)
}

/** I2, I3, I10: the statement is its lines. */
function addsUp(statement: Json, lines: readonly Json[]): void {
  const trade = lines.filter(({ leg }) => leg !== 'CARRY')
  expect(sumOf(trade)).toBe(minor(statement.total))
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, at) => at + 1))
  expect(statement.lineCount).toBe(lines.length)
  for (const { lineId } of lines) expect(String(lineId).startsWith(idOf(statement))).toBe(true)
  if (isClosed(statement)) {
    const carry = sumOf(lines.filter(({ leg }) => leg === 'CARRY'))
    expect(carry).toBe(minor(statement.opening) - minor(statement.closing))
  }
}

/** I14: attempts have no gaps, and never more is on its way or paid than is payable. */
function paysWhatIsPayable(statement: Json, world: World, events: readonly Json[]): void {
  const payable = minor(statement.opening) + minor(statement.total) - minor(statement.closing)
  const own = world.instructions().filter((one) => idOf(one) === idOf(statement))
  expect(own.map(({ attempt }) => attempt)).toEqual(own.map((_, at) => at + 1))
  const refused = new Set(world.rejections().map(({ eventId }) => eventId))
  let paid = 0
  let underWay = 0
  for (const { instructionId, amount } of own) {
    const said = events.filter(
      (event) => event.instructionId === instructionId && !refused.has(event.eventId),
    )
    const words = new Set(said.map(({ type }) => type))
    const superseded = world
      .notices()
      .some(({ noticeId }) => String(noticeId).startsWith(`PAYOUT_SUPERSEDED:${instructionId}:`))
    if (words.has('PayoutReturned') || superseded) continue
    if (words.has('PayoutSucceeded')) paid += minor(amount)
    else if (!words.has('PayoutFailed')) underWay += minor(amount)
  }
  expect(paid + underWay).toBeLessThanOrEqual(Math.max(payable, 0))
  if (statement.status === 'PAID') expect(paid).toBe(payable)
}

function sumOf(lines: readonly Json[]): number {
  return lines.reduce((sum, { amount }) => sum + minor(amount), 0)
}

test('a party, whatever is said of it, is paid what its lines come to and no more', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (steps) => {
      await lived(steps, holdsInvariants)
    }),
    { numRuns: runs(25), interruptAfterTimeLimit },
  )
})

test('a life is folded the same from wherever its state was read back (I16)', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (steps) => {
      const { events, world } = await lived(steps)
      const again = await openWorld({ ...options, reload: true })
      await again.send(...events)
      expect(again.trace()).toEqual(world.trace())
      expect(await again.statements()).toEqual(await world.statements())
    }),
    { numRuns: runs(5), interruptAfterTimeLimit },
  )
})

test('a closed statement keeps its lines and its root for good (I8)', async () => {
  await fc.assert(
    fc.asyncProperty(lives, fc.nat({ max: 60 }), async (steps, cut) => {
      const early = await lived(steps.slice(0, cut))
      const late = await lived(steps)
      for (const statement of (await early.world.statements()).filter(isClosed)) {
        const all = await late.world.statements()
        const { status: _status, history, dueOn: _due, ...sealed } = statement
        const now = all.find((one) => idOf(one) === idOf(statement)) as Json
        expect(now).toMatchObject(sealed)
        expect((now.history as Json[]).slice(0, (history as Json[]).length)).toEqual(history)
      }
    }),
    { numRuns: runs(5), interruptAfterTimeLimit },
  )
})

test('lives reach every state of a statement that is paid', async () => {
  const reached = new Set<string>()
  for (const steps of fc.sample(lives, { numRuns: 40, seed: 7 })) {
    const { world } = await lived(steps)
    for (const { history } of await world.statements()) {
      for (const { status } of history as { status: string }[]) reached.add(status)
    }
  }
  const wanted = [
    'CARRIED_FORWARD',
    'CLOSED',
    'CLOSING',
    'CONFIRMED',
    'DISPUTED',
    'FINALISED',
    'HELD',
    'OPEN',
    'PAID',
    'PAYABLE',
    'PAYMENT_FAILED',
    'PENDING_APPROVAL',
    'PENDING_CONFIRMATION',
    'RECEIVABLE',
    'RETURNED',
    'SUBMITTED',
  ]
  expect(wanted.filter((status) => !reached.has(status))).toEqual([])
})
