import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Catalogue, Instrument, Meter } from '../../ports/metrics.ts'

type Labels = Readonly<Record<string, string | number>>

/** Default metrics of the library that are gauges under the name of a counter. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const

/** Registers a catalogue, every enumerated series at 0, besides the library's metrics of Node. */
export function createMeter<C extends Catalogue>(catalogue: C): Meter<C> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)

  const made = new Instruments(registry)
  for (const [name, instrument] of Object.entries(catalogue)) made.make(name, instrument)
  const { counters, gauges, histograms } = made
  return {
    add: (name, labels, by) => counters.get(name)?.inc(labels as Labels, by),
    set: (name, labels, to) => gauges.get(name)?.set(labels as Labels, to),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels as Labels, value),
    clear: (name) => gauges.get(name)?.reset(),
    scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

class Instruments {
  readonly counters = new Map<string, Counter>()
  readonly gauges = new Map<string, Gauge>()
  readonly histograms = new Map<string, Histogram>()
  private readonly registry: Registry

  constructor(registry: Registry) {
    this.registry = registry
  }

  make(name: string, instrument: Instrument): void {
    const { help, type, buckets } = instrument
    const labelNames = Object.keys(instrument.labels)
    const common = { name, help, labelNames, registers: [this.registry] }
    const all = enumerated(instrument)
    if (type === 'counter') {
      const counter = new Counter(common)
      this.counters.set(name, counter)
      for (const labels of all) counter.inc(labels, 0)
    } else if (type === 'gauge') {
      const gauge = new Gauge(common)
      this.gauges.set(name, gauge)
      for (const labels of all) gauge.set(labels, 0)
    } else {
      const bounds = buckets === undefined ? {} : { buckets: [...buckets] }
      const histogram = new Histogram({ ...common, ...bounds })
      this.histograms.set(name, histogram)
      for (const labels of all) histogram.zero(labels)
    }
  }
}

/** Every combination of enumerated labels; none where a label is open, which has no first value. */
export function enumerated({ labels }: Instrument): Record<string, string>[] {
  let combinations: Record<string, string>[] = [{}]
  for (const [name, domain] of Object.entries(labels)) {
    if (typeof domain === 'string') return []
    combinations = combinations.flatMap((labelled) =>
      domain.map((value) => ({ ...labelled, [name]: value })),
    )
  }
  return combinations
}
