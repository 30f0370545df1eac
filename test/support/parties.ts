import { contractOf } from './market.ts'
import type { Json } from './world.ts'

/** ContractSigned of `M-1` (or ContractAmended, by `type`) with these terms. */
export function signed(
  contractId: string,
  version: number,
  terms: Json,
  overrides: Json = {},
): Json {
  return {
    type: 'ContractSigned',
    eventId: `${contractId}:${version}`,
    occurredAt: '2025-09-01T00:00:00+08:00',
    partyId: 'M-1',
    contractId,
    version,
    contract: contractOf(terms),
    ...overrides,
  }
}

/** ContractTerminated of `M-1`. */
export function terminated(contractId: string, version: number, occurredAt: string): Json {
  return {
    type: 'ContractTerminated',
    eventId: `${contractId}:${version}:end`,
    occurredAt,
    partyId: 'M-1',
    contractId,
    version,
    reason: 'moved away',
  }
}

/** PartyModeChanged of `M-1`. */
export function modeChanged(changeId: string, mode: string, validFrom: string): Json {
  return {
    type: 'PartyModeChanged',
    eventId: `${changeId}:mode`,
    occurredAt: '2025-09-02T00:00:00+08:00',
    partyId: 'M-1',
    changeId,
    mode,
    validFrom,
  }
}

/** SettlementEntityChanged of `M-1`. */
export function entityChanged(changeId: string, entity: string, validFrom: string): Json {
  return {
    type: 'SettlementEntityChanged',
    eventId: `${changeId}:entity`,
    occurredAt: '2025-09-02T00:00:00+08:00',
    partyId: 'M-1',
    changeId,
    entity,
    validFrom,
  }
}

/** AdjustmentSubmitted of `M-1` in CNY. */
export function adjusted(adjustmentId: string, occurredAt: string, overrides: Json = {}): Json {
  return {
    type: 'AdjustmentSubmitted',
    eventId: `${adjustmentId}:adjustment`,
    occurredAt,
    partyId: 'M-1',
    adjustmentId,
    amount: '5.00',
    currency: 'CNY',
    reason: 'left off the bill',
    evidence: 'ticket 1',
    submittedBy: 'ops',
    ...overrides,
  }
}

/** FeeLineSubmitted of `M-1` in CNY. */
export function submitted(externalId: string, occurredAt: string, overrides: Json = {}): Json {
  return {
    type: 'FeeLineSubmitted',
    eventId: `${externalId}:fee`,
    occurredAt,
    partyId: 'M-1',
    sourceSystem: 'WMS',
    externalId,
    feeType: 'WAREHOUSING_FEE',
    amount: '-1.20',
    currency: 'CNY',
    ...overrides,
  }
}
