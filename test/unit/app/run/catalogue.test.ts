import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { createMeter, enumerated } from '../../../../src/adapters/prometheus/prometheus-meter.ts'
import { instruments, metricCatalogue } from '../../../../src/app/run/catalogue.ts'
import { madePages } from '../../../../src/app/run/write-docs.ts'
import type { Catalogue, Instrument, Meter } from '../../../../src/ports/metrics.ts'
import { readFiles } from '../../../support/sources.ts'

const partitions = 64

/** A meter that takes any name, as a loop over the catalogue needs it. */
interface AnyMeter extends Pick<Meter<Catalogue>, 'clear' | 'scrape'> {
  add(name: string, labels: Labels, value: number): void
  set(name: string, labels: Labels, value: number): void
  observe(name: string, labels: Labels, value: number): void
}

type Labels = Record<string, string | number>

/** Sets every series there can be. */
function driven(): Meter<Catalogue> {
  const meter: AnyMeter = createMeter<Catalogue>(metricCatalogue)
  for (const [name, instrument] of instruments()) {
    for (const labels of seriesOf(instrument)) {
      if (instrument.type === 'counter') meter.add(name, labels, 12_345_678.9)
      else if (instrument.type === 'gauge') meter.set(name, labels, 1_795_523_084.632)
      else meter.observe(name, labels, 0.123_456_789)
    }
  }
  return meter
}

function seriesOf(instrument: Instrument): Record<string, string | number>[] {
  const all = enumerated(instrument)
  if (all.length > 0) return all
  return Array.from({ length: isByPartition(instrument) ? partitions : 1 }, (_, partition) =>
    Object.fromEntries(
      Object.entries(instrument.labels).map(([label, domain]) => {
        if (typeof domain !== 'string') return [label, domain[0] as string]
        return [label, domain === 'partition' ? partition : 'a text']
      }),
    ),
  )
}

function isByPartition({ labels }: Instrument): boolean {
  return Object.values(labels).includes('partition')
}

test('with every label value of 64 partitions a scrape has at most 2,500 series and 300 KB', async () => {
  const { text } = await driven().scrape()
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(series.length).toBeGreaterThan(1_000)
  expect(series.length).toBeLessThanOrEqual(2_500)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(300 * 1024)
})

describe('promtool', () => {
  const hasPromtool = spawnSync('promtool', ['--version']).error === undefined
  if (!hasPromtool) console.warn('promtool is not installed: its check of the metrics is skipped')

  test.skipIf(!hasPromtool)('finds nothing to say about the metrics', async () => {
    const { text } = await driven().scrape()
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text })
    expect(checked.stderr.toString() + checked.stdout.toString()).toBe('')
    expect(checked.status).toBe(0)
  })
})

test('partitions label gauges only, which can be taken away', () => {
  const byPartition = instruments().filter(([, instrument]) => isByPartition(instrument))
  expect(byPartition.length).toBeGreaterThan(0)
  expect(byPartition.map(([, { type }]) => type)).toEqual(byPartition.map(() => 'gauge'))
})

test('open texts label info gauges only, of which there is one series', () => {
  const open = instruments().filter(([, { labels }]) => Object.values(labels).includes('text'))
  expect(open.map(([name, { type }]) => [name.endsWith('_info'), type])).toEqual(
    open.map(() => [true, 'gauge']),
  )
})

test('no label names a party, an order, a statement or a rule', () => {
  const labels = instruments().flatMap(([, instrument]) => Object.keys(instrument.labels))
  expect(
    labels.filter((label) => /party|merchant|order|statement|rule|event_id/.test(label)),
  ).toEqual([])
})

test('histograms have rising buckets, and those of latency hold 1 s and 5 s', () => {
  for (const [name, { type, buckets }] of instruments()) {
    expect(buckets !== undefined, name).toBe(type === 'histogram')
    expect(
      [...(buckets ?? [])].sort((a, b) => a - b),
      name,
    ).toEqual(buckets ?? [])
  }
  const { buckets } = metricCatalogue.settlement_end_to_end_latency_seconds
  expect(buckets).toEqual(expect.arrayContaining([1, 5]))
})

test('the catalogue says of every metric in a sentence what it is', () => {
  const bad = instruments().filter(([, { help, why }]) => !/^[A-Z1].*\.$/.test(help) || why === '')
  expect(bad.map(([name]) => name)).toEqual([])
})

describe.each(Object.entries(madePages()))('%s', (path, text) => {
  test('is as `npm run docs` makes it', () => {
    expect(readFiles([path])[0]?.text).toBe(text)
  })
})
