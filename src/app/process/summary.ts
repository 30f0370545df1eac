import type { JsonObject } from '../../adapters/json-lines/event-writer.ts'
import { formatMinor } from '../../domain/money/currency.ts'
import type { Statement } from '../../domain/statements/statement.ts'
import type { Counts, PartitionRow } from '../../fold/rows/partition-row.ts'

/** Where a partition's fold ended. */
export interface PartitionEnd {
  readonly partition: number
  readonly offset: number
  readonly nextOutSeq: number
  readonly digest: string
}

interface Sums {
  forward: bigint
  reverse: bigint
  other: bigint
}

/** Counts and totals of a run, gathered while its files are written. */
export class Summary {
  lines = 0
  statements = 0
  readonly records: Counts = { applied: 0, duplicates: 0, waiting: 0, rejected: 0 }
  private readonly head: JsonObject
  private readonly byStatus = new Map<string, number>()
  private readonly byCode = new Map<string, number>()
  private readonly totals = new Map<string, Map<string, Sums>>()

  constructor(head: JsonObject) {
    this.head = head
  }

  addLines(count: number): void {
    this.lines += count
  }

  addStatement({ status, currency, totals }: Statement): void {
    this.statements += 1
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1)
    const ofCurrency = this.totals.get(currency) ?? new Map<string, Sums>()
    this.totals.set(currency, ofCurrency)
    for (const { feeType, forward, reverse, other } of totals) {
      const sums = ofCurrency.get(feeType) ?? { forward: 0n, reverse: 0n, other: 0n }
      ofCurrency.set(feeType, sums)
      sums.forward += BigInt(forward)
      sums.reverse += BigInt(reverse)
      sums.other += BigInt(other)
    }
  }

  addRejection(code: string): void {
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1)
  }

  /** Broadcast records count once: every partition has a copy of each. */
  addPartition(partition: number, { party, broadcast }: PartitionRow): void {
    addCounts(this.records, party)
    if (partition === 0) addCounts(this.records, broadcast)
  }

  /** Records consumed; the four ways to end make them up. */
  get consumed(): number {
    const { applied, duplicates, waiting, rejected } = this.records
    return applied + duplicates + waiting + rejected
  }

  finish(clusterId: string, ends: readonly PartitionEnd[]): JsonObject {
    const { applied, duplicates, waiting, rejected } = this.records
    return {
      ...this.head,
      records: { consumed: this.consumed, applied, duplicates, waiting, rejected },
      rejections: sorted(this.byCode),
      statements: { count: this.statements, ...sorted(this.byStatus) },
      lines: this.lines,
      totals: this.totalsJson(),
      log: { clusterId, partitions: ends },
    }
  }

  private totalsJson(): JsonObject {
    const json: JsonObject = {}
    for (const [currency, byFee] of [...this.totals].sort(byKey)) {
      json[currency] = [...byFee].sort(byKey).map(([feeType, sums]) => ({
        feeType,
        forward: money(sums.forward, currency),
        reverse: money(sums.reverse, currency),
        other: money(sums.other, currency),
        net: money(sums.forward + sums.reverse + sums.other, currency),
      }))
    }
    return json
  }
}

function addCounts(into: Counts, counts: Counts): void {
  into.applied += counts.applied
  into.duplicates += counts.duplicates
  into.waiting += counts.waiting
  into.rejected += counts.rejected
}

function money(minor: bigint, currency: string): string {
  return formatMinor(minor, currency)
}

function sorted(counts: ReadonlyMap<string, number>): JsonObject {
  return Object.fromEntries([...counts].sort(byKey))
}

function byKey<T>([a]: readonly [string, T], [b]: readonly [string, T]): number {
  return a < b ? -1 : 1
}
