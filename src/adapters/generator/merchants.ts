import type { Arrival } from './arrival-queue.ts'
import type { Chance } from './chance.ts'
import { scramble } from './chance.ts'
import { isoOf, type JsonEvent } from './json-event.ts'
import { day, graceHours, type Timeline } from './timeline.ts'

/** How a merchant stands to the platform; all others live by the rule book's templates. */
type MerchantRole = 'SOP' | 'FBP' | 'MODE_CHANGE' | 'ENTITY_CHANGE'

/** A merchant by its place, 0 for M-0001. */
export function merchantId(index: number): string {
  return `M-${String(index + 1).padStart(4, '0')}`
}

/** Fixed by the place, so that a merchant is the same whatever the seed. */
function roleOf(index: number): MerchantRole {
  if (index === 2) return 'ENTITY_CHANGE'
  if (index % 20 === 4) return 'FBP'
  if (index % 50 === 9) return 'MODE_CHANGE'
  return 'SOP'
}

/**
 * Whether an order of the merchant may be billed in mode FBP. Such orders name what the goods cost,
 * and carry no discount of the platform, which sells them for its own account.
 */
export function maySupply(index: number): boolean {
  const role = roleOf(index)
  return role === 'FBP' || role === 'MODE_CHANGE'
}

/** A merchant for the next order: low places more often, as some shops are larger than others. */
export function drawMerchant(chance: Chance, merchants: number): number {
  const place = chance.below(merchants)
  return chance.hit(5_000) ? Math.min(place, chance.below(merchants)) : place
}

/** A product of one merchant's shop. */
export interface Product {
  readonly sku: string
  readonly spu: string
  readonly skuType: string
  readonly category: string
  /** Minor units. */
  readonly unitPrice: number
  /** Minor units. */
  readonly unitCost: number
}

const productsEach = 40

const shelves = [
  { skuType: 'ELECTRONICS', category: '数码/手机/智能手机', from: 59_900, steps: 90 },
  { skuType: 'ELECTRONICS', category: '数码/配件/数据线', from: 1_900, steps: 40 },
  { skuType: 'APPAREL', category: '服饰/男装/衬衫', from: 7_900, steps: 60 },
  { skuType: 'APPAREL', category: '服饰/女装/连衣裙', from: 9_900, steps: 80 },
  { skuType: 'HOME', category: '家居/厨具/锅具', from: 4_900, steps: 70 },
  { skuType: 'FOOD', category: '食品/零食/坚果', from: 1_290, steps: 30 },
  { skuType: 'BEAUTY', category: '美妆/护肤/面霜', from: 5_800, steps: 90 },
] as const

/** One of the merchant's products; each merchant sells from one shelf. */
export function drawProduct(chance: Chance, merchant: number): Product {
  return productOf(merchant, chance.below(productsEach))
}

function productOf(merchant: number, place: number): Product {
  const shelf = shelves[(scramble(merchant + 1) >>> 0) % shelves.length] as (typeof shelves)[number]
  const mixed = scramble(merchant * productsEach + place + 7) >>> 0
  const unitPrice = shelf.from + (mixed % shelf.steps) * (shelf.from >= 10_000 ? 1_000 : 100)
  const spu = `P-${merchant + 1}-${(place >> 2) + 1}`
  return {
    sku: `S-${merchant + 1}-${place + 1}`,
    spu,
    skuType: shelf.skuType,
    category: shelf.category,
    unitPrice,
    unitCost: Math.trunc((unitPrice * (55 + (mixed % 30))) / 100),
  }
}

/** Contracts, changes of mode and the change of entity, with the instants at which they arrive. */
export function merchantRecords(
  merchants: number,
  timeline: Timeline,
  firstDay: string,
): Arrival[] {
  const { start, ordersEnd } = timeline
  const days = Math.round((ordersEnd - start) / day)
  const records: Arrival[] = []
  for (let index = 0; index < merchants; index += 1) {
    const role = roleOf(index)
    if (role === 'FBP') records.push({ at: start, event: contractSigned(index, start, firstDay) })
    if (role === 'MODE_CHANGE' || role === 'ENTITY_CHANGE') {
      const middle = Math.trunc(days / 2)
      // Known a day before it counts, unless the stream is too short for that.
      const at = timeline.midnight(Math.max(middle - 1, 0))
      records.push({ at, event: changed(index, at, timeline.midnight(middle)) })
    }
  }
  return records
}

function contractSigned(index: number, at: number, firstDay: string): JsonEvent {
  const partyId = merchantId(index)
  const contractId = `C-${partyId}`
  return {
    type: 'ContractSigned',
    eventId: `${contractId}:1`,
    occurredAt: isoOf(at),
    partyId,
    contractId,
    version: 1,
    contract: {
      contractId,
      partyId,
      partyKind: 'MERCHANT',
      validFrom: firstDay,
      mode: 'FBP',
      entity: 'E-CN-01',
      currency: 'CNY',
      settleableWhen: { event: 'ORDER_COMPLETED', plusDays: 7 },
      rulePinnedAt: 'ORDER_PAID',
      cycle: { kind: 'MONTHLY', calendar: 'CN-STD', cutoffDay: 1, graceHours },
      emptyStatements: 'SKIP',
      refundWaitDays: 15,
    },
  }
}

function changed(index: number, at: number, validFrom: number): JsonEvent {
  const partyId = merchantId(index)
  const mode = roleOf(index) === 'MODE_CHANGE'
  const changeId = `${mode ? 'MC' : 'EC'}-${partyId}`
  return {
    type: mode ? 'PartyModeChanged' : 'SettlementEntityChanged',
    eventId: changeId,
    occurredAt: isoOf(at),
    partyId,
    changeId,
    ...(mode ? { mode: 'FBP' } : { entity: 'E-CN-02' }),
    validFrom: isoOf(validFrom),
  }
}
