import {
  type AccountName,
  type AgreedRebate,
  type CostRow,
  type CountedOrder,
  type CountedPurchase,
  decodeAccountNames,
  decodeAgreedRebate,
  decodeCosts,
  decodeCountedOrder,
  decodeCountedPurchase,
  decodeRebateAccount,
  encodeAccountNames,
  encodeAgreedRebate,
  encodeCosts,
  encodeCountedOrder,
  encodeCountedPurchase,
  encodeRebateAccount,
  type RebateAccount,
} from '../rows/rebate-rows.ts'
import type { Table } from '../state.ts'

// What the fold keeps for rebates; prefixes are shared with `../tables.ts`.

/** What counts towards rebates, by key, rebate and first day of the rebate period. */
export const rebateAccounts: Table<RebateAccount> = {
  name: 'rebate accounts',
  prefix: 'e',
  encode: encodeRebateAccount,
  decode: decodeRebateAccount,
}

/** Accounts of a key that are to be settled, or settled again, by key. */
export const dueRebates: Table<readonly AccountName[]> = {
  name: 'due rebates',
  prefix: 't',
  encode: encodeAccountNames,
  decode: decodeAccountNames,
}

/** What orders counted towards, by the order's key in `orders`; none where no rebate matches. */
export const countedOrders: Table<CountedOrder> = {
  name: 'counted orders',
  prefix: 'i',
  cold: true,
  encode: encodeCountedOrder,
  decode: decodeCountedOrder,
}

/** What goods cost, by party and sku. */
export const costs: Table<readonly CostRow[]> = {
  name: 'costs',
  prefix: 'v',
  encode: encodeCosts,
  decode: decodeCosts,
}

/** What receipts of purchases counted towards, by party and receipt id. */
export const purchases: Table<CountedPurchase> = {
  name: 'purchases',
  prefix: 'z',
  cold: true,
  encode: encodeCountedPurchase,
  decode: decodeCountedPurchase,
}

/** Amounts of rebates as last agreed, by party and agreement id. */
export const agreedRebates: Table<AgreedRebate> = {
  name: 'agreed rebates',
  prefix: 'm',
  encode: encodeAgreedRebate,
  decode: decodeAgreedRebate,
}

export const rebateTables = [
  rebateAccounts,
  dueRebates,
  countedOrders,
  costs,
  purchases,
  agreedRebates,
] as const
