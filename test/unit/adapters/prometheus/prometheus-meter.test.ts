import { expect, test } from 'vitest'
import { createMeter } from '../../../../src/adapters/prometheus/prometheus-meter.ts'
import type { Catalogue } from '../../../../src/ports/metrics.ts'

const catalogue = {
  sold_total: {
    type: 'counter',
    labels: { fruit: ['apple', 'pear'], size: ['small', 'large'] },
    unit: 'count',
    help: 'Fruit that was sold.',
    why: 'a test',
  },
  stock: {
    type: 'gauge',
    labels: { partition: 'partition' },
    unit: 'count',
    help: 'Fruit that is there.',
    why: 'a test',
  },
  open: { type: 'gauge', labels: {}, unit: '1', help: 'Whether it is open.', why: 'a test' },
  wait_seconds: {
    type: 'histogram',
    labels: { queue: ['front', 'back'] },
    unit: 's',
    help: 'Time in the queue.',
    why: 'a test',
    buckets: [1, 5],
  },
} as const satisfies Catalogue

async function linesOf(meter: ReturnType<typeof createMeter<typeof catalogue>>, name: string) {
  const { text } = await meter.scrape()
  return text.split('\n').filter((line) => line.startsWith(name))
}

test('every enumerated combination of labels stands at 0 from the start', async () => {
  const meter = createMeter(catalogue)
  expect(await linesOf(meter, 'sold_total')).toEqual([
    'sold_total{fruit="apple",size="small"} 0',
    'sold_total{fruit="apple",size="large"} 0',
    'sold_total{fruit="pear",size="small"} 0',
    'sold_total{fruit="pear",size="large"} 0',
  ])
  expect(await linesOf(meter, 'wait_seconds_count')).toEqual([
    'wait_seconds_count{queue="front"} 0',
    'wait_seconds_count{queue="back"} 0',
  ])
  expect(await linesOf(meter, 'open')).toEqual(['open 0'])
  expect(await linesOf(meter, 'stock')).toEqual([])
})

test('counters add, gauges are set, histograms fill their buckets', async () => {
  const meter = createMeter(catalogue)
  meter.add('sold_total', { fruit: 'pear', size: 'large' }, 3)
  meter.add('sold_total', { fruit: 'pear', size: 'large' }, 2)
  meter.set('stock', { partition: 7 }, 40)
  meter.observe('wait_seconds', { queue: 'back' }, 5)
  const { text } = await meter.scrape()
  expect(text).toContain('sold_total{fruit="pear",size="large"} 5\n')
  expect(text).toContain('stock{partition="7"} 40\n')
  expect(text).toContain('wait_seconds_bucket{le="1",queue="back"} 0\n')
  expect(text).toContain('wait_seconds_bucket{le="5",queue="back"} 1\n')
})

test('a gauge that is cleared has no series of partitions that went away', async () => {
  const meter = createMeter(catalogue)
  meter.set('stock', { partition: 7 }, 40)
  meter.clear('stock')
  meter.set('stock', { partition: 8 }, 1)
  expect(await linesOf(meter, 'stock')).toEqual(['stock{partition="8"} 1'])
})

test('the metrics of Node are there, without those that are misnamed', async () => {
  const { contentType, text } = await createMeter(catalogue).scrape()
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
  expect(text).not.toMatch(/nodejs_active_(handles|requests|resources)_total/)
})

test('two meters do not know of each other', async () => {
  const [first, second] = [createMeter(catalogue), createMeter(catalogue)]
  first.set('open', {}, 1)
  expect(await linesOf(second, 'open')).toEqual(['open 0'])
})
