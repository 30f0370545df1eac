import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoRuleBookIn } from '../../../../src/adapters/generator/demo-rule-book.ts'
import { openSettlement } from '../../../../src/app/compose.ts'
import { checkRuleBookFile } from '../../../../src/app/process/publish.ts'
import { readSettings } from '../../../../src/app/read-settings.ts'
import { daysOf, ruleBookOf } from '../../../../src/app/rule-book-file.ts'
import { Instance } from '../../../../src/app/run/instance.ts'
import type { CheckedRules } from '../../../../src/app/run/master-data.ts'
import type { Tick } from '../../../../src/fold/events.ts'
import { silentLogger } from '../../../../src/ports/logger.ts'

// In this process, on a real folder: what the live clock does to the fold.

let top = ''
const file = ruleBookOf(demoRuleBookIn('Asia/Shanghai'))
const rules: CheckedRules = { path: 'demo', file, ruleBook: checkRuleBookFile('demo', file) }

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'settle-instance-'))
})

afterAll(() => rmSync(top, { recursive: true, force: true }))

function open(name: string, withRules: CheckedRules | undefined, tickInterval = 60_000) {
  const flags = { state: join(top, name), port: '0', logLevel: 'error', cacheRows: '1000' }
  const settings = readSettings({ ...flags, tickInterval: String(tickInterval) }, {})
  const parts = { settings, rules: withRules, failpoint: undefined, logger: silentLogger }
  return Instance.open({ ...parts, version: '0.0.0' })
}

async function started(name: string, withRules: CheckedRules | undefined): Promise<Instance> {
  const instance = await open(name, withRules)
  instance.start()
  await until(() => instance.whyNotReady().length === 0)
  return instance
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 500; left > 0; left -= 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect.fail('it did not happen within five seconds')
}

async function counter(instance: Instance, series: string): Promise<number> {
  const { text } = await instance.meter.scrape()
  return Number(new RegExp(`^${series} (.*)$`, 'm').exec(text)?.[1])
}

function outcome(name: string): string {
  return `settlement_events_total\\{outcome="${name}"\\}`
}

test('a rule book and its calendars are published once, and reach two years ahead', async () => {
  const first = await started('book', rules)
  await until(async () => (await first.status()).ruleBook !== null)
  const { ruleBook, calendarsEnd, positions } = await first.status()
  expect(ruleBook).toEqual({ ruleBookId: 'rb-demo', version: 1, zone: 'Asia/Shanghai' })
  expect(calendarsEnd).toBeGreaterThan(Date.now() + 730 * 86_400_000)
  await first.stop()

  const second = await started('book', rules)
  await until(async () => (await second.status()).positions[0]?.state === 'running')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const [before, after] = [positions[0]?.end ?? 0, (await second.status()).positions[0]?.end ?? 0]
  // A tick of the second start, and nothing else.
  expect(after - before).toBeLessThanOrEqual(1)
  await second.stop()
})

test('a rule book that came through the log gets its calendars', async () => {
  const instance = await started('loaded', undefined)
  const { settlement } = instance
  const published = {
    type: 'RuleBookPublished',
    eventId: 'book-1',
    occurredAt: Date.now(),
    source: null,
    ruleBookId: 'rb-demo',
    version: 1,
    document: file.canonical,
    days: [],
  } as const

  const days = daysOf(file.document, 'Asia/Shanghai')
  const value = settlement.codec.encodeEvent({ ...published, days })
  await settlement.log.append([{ topic: 'events', partition: 0, records: [{ key: null, value }] }])
  await until(async () => ((await instance.status()).calendarsEnd ?? 0) > Date.now())
  await instance.stop()
})

test('a doubled tick is a duplicate, and one from the future is refused in live mode', async () => {
  const instance = await started('ticks', undefined)
  const { settlement } = instance
  await until(async () => (await counter(instance, outcome('applied'))) >= 1)
  const append = (at: number) => {
    const tick: Tick = { type: 'Tick', eventId: `t:${at}`, occurredAt: at, source: null, at }
    const value = settlement.codec.encodeEvent(tick)
    const records = [{ key: null, value }]
    return settlement.log.append([{ topic: 'events', partition: 0, records }])
  }
  const now = Date.now() + 10
  await append(now)
  await append(now)
  await until(async () => (await counter(instance, outcome('duplicate'))) === 1)
  await append(now + 3_600_000)
  await until(async () => (await counter(instance, outcome('rejected'))) === 1)
  await instance.gauges.refresh()
  const clock = 'settlement_clock_timestamp_seconds\\{topic="events",partition="0"\\}'
  expect(await counter(instance, clock)).toBe(now / 1_000)
  await instance.stop()
})

test('a live folder opens for others in its own mode, and not in another', async () => {
  const instance = await started('mode', rules)
  await until(async () => (await instance.status()).positions[0]?.stored !== 0)
  await instance.stop()
  const folder = { folder: join(top, 'mode'), partitions: undefined, failpoint: undefined }
  const settlement = await openSettlement(folder)
  expect(settlement.clock).toBe('live')
  await settlement.close()
  await expect(openSettlement({ ...folder, clock: 'replay' })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/clock mode live and cannot be with replay/),
  })
})
