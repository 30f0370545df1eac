import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { workloadEvents } from '../../src/adapters/generator/workload-v1/json-events.ts'
import { Workload, type WorkloadEvent } from '../../src/adapters/generator/workload-v1/workload.ts'

// The published check values of the workload: 500,000 events of seed 20260101.
const published = {
  orders: 450_399,
  refunds: 49_601,
  bytes: 102_655_304,
  crcs: 1_075_398_784_097_423,
  goods: 27_356_883_717,
  freight: 67_705_800,
  coupons: 45_145_924,
}

test('every byte of 500,000 events is that of the reference', () => {
  const workload = new Workload()
  const found = { orders: 0, refunds: 0, bytes: 0, crcs: 0, goods: 0, freight: 0, coupons: 0 }
  const encode = new ReferenceEncoder()
  for (let made = 0; made < 500_000; made += 1) {
    const event = workload.next()
    const bytes = encode.event(event)
    found.bytes += bytes.length
    found.crcs += crc32(bytes)
    if (event.kind === 'REFUND') {
      found.refunds += 1
      continue
    }
    found.orders += 1
    for (const amount of event.amount) found.goods += amount
    found.freight += event.freight
    found.coupons += event.couponPlatform
  }
  expect(found).toEqual(published)
})

test('in the events of this project the amounts are the same, and time ends with a tick', () => {
  const workload = new Workload()
  let [goods, made] = [0, 0]
  for (let at = 0; at < 2_000; at += 1) {
    const event = workload.next()
    if (event.kind === 'ORDER') for (const amount of event.amount) goods += amount
  }
  const events = [...workloadEvents(2_000)]
  for (const { type, order } of events) {
    made += type === 'Tick' ? 0 : 1
    if (type !== 'OrderCompleted') continue
    for (const { quantity, unitPrice } of (order as { lines: Line[] }).lines) {
      goods -= quantity * Math.round(Number(unitPrice) * 100)
    }
  }
  expect([goods, made, events.at(-1)?.type]).toEqual([0, 2_000, 'Tick'])
})

interface Line {
  readonly quantity: number
  readonly unitPrice: string
}

/** The reference's encoding of an event: Avro binary, an array as one block. */
class ReferenceEncoder {
  readonly #buffer = Buffer.alloc(1_024)
  #at = 0

  event(event: WorkloadEvent): Uint8Array {
    this.#at = 0
    this.#long(event.kind === 'REFUND' ? 1 : 0)
    for (const text of [event.eventId, event.orderId, event.merchantId]) this.#text(text)
    this.#long(event.createdAt)
    this.#long(event.occurredAt)
    this.#text('CNY')
    this.#long(event.lineNo.length)
    for (let line = 0; line < event.lineNo.length; line += 1) {
      this.#long(event.lineNo[line] as number)
      this.#text(event.sku[line] as string)
      this.#long(event.quantity[line] as number)
      this.#long(event.amount[line] as number)
    }
    this.#long(0)
    for (const amount of [event.freight, event.couponPlatform, event.couponMerchant]) {
      this.#long(amount)
    }
    this.#text(event.buyerName)
    this.#text(event.address)
    return this.#buffer.subarray(0, this.#at)
  }

  #long(value: number): void {
    let rest = value * 2
    while (rest >= 128) {
      this.#buffer[this.#at] = (rest % 128) + 128
      this.#at += 1
      rest = Math.floor(rest / 128)
    }
    this.#buffer[this.#at] = rest
    this.#at += 1
  }

  #text(text: string): void {
    this.#long(Buffer.byteLength(text))
    this.#at += this.#buffer.write(text, this.#at)
  }
}
