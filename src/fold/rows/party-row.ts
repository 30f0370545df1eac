import type { Instant } from '../../domain/calendar/calendar.ts'
import { type Contract, orderEvents, type Terms } from '../../domain/parties/contract.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'
import { decodeCycle, encodeCycle } from './cycle-part.ts'
import { decodeAfterwards, encodeAfterwards, nothingAfterwards } from './terms-part.ts'

/** What the log has said of one party; mutable. */
export interface Party {
  /** By rising `validFrom`. */
  readonly contracts: Contract[]
  /** Changes of mode and entity, by rising `validFrom`; equal ones in order of the log. */
  readonly modes: Change[]
  readonly entities: Change[]
  /**
   * EMIT: from when on statements are still to be opened; null: nothing to emit.
   */
  opensFrom: Instant | null
  /** Whether payouts are stopped. */
  suspended: boolean
  /** Ids of the holds on all that is to be paid. */
  readonly holds: string[]
  /** References of where the party is paid, by rising `validFrom`. */
  readonly accounts: Change[]
  /** Whether a statement of the party was ever to be paid. */
  settledBefore: boolean
}

export interface Change {
  readonly value: string
  readonly validFrom: Instant
}

/** Puts a change in its place by `validFrom`, behind those of the same instant. */
export function addChange(changes: Change[], change: Change): void {
  const later = changes.findIndex(({ validFrom }) => validFrom > change.validFrom)
  changes.splice(later < 0 ? changes.length : later, 0, change)
}

export function newParty(): Party {
  return {
    contracts: [],
    modes: [],
    entities: [],
    opensFrom: null,
    suspended: false,
    holds: [],
    accounts: [],
    settledBefore: false,
  }
}

export function encodeParty(row: Party, writer: ByteWriter): void {
  writer.byte(2)
  writer.list(row.contracts, (contract) => encodeContract(contract, writer))
  writer.list(row.modes, (change) => encodeChange(change, writer))
  writer.list(row.entities, (change) => encodeChange(change, writer))
  writer.optionalSigned(row.opensFrom)
  writer.flag(row.suspended)
  writer.list(row.holds, (holdId) => writer.text(holdId))
  writer.list(row.accounts, (change) => encodeChange(change, writer))
  writer.flag(row.settledBefore)
}

export function decodeParty(reader: ByteReader): Party {
  const version = reader.byte()
  return {
    contracts: reader.list(() => decodeContract(reader, version)),
    modes: reader.list(() => decodeChange(reader)),
    entities: reader.list(() => decodeChange(reader)),
    opensFrom: reader.optionalSigned(),
    suspended: version === 1 ? false : reader.flag(),
    holds: version === 1 ? [] : reader.list(() => reader.text()),
    accounts: version === 1 ? [] : reader.list(() => decodeChange(reader)),
    settledBefore: version === 1 ? false : reader.flag(),
  }
}

function encodeChange({ value, validFrom }: Change, writer: ByteWriter): void {
  writer.text(value)
  writer.signed(validFrom)
}

function decodeChange(reader: ByteReader): Change {
  return { value: reader.text(), validFrom: reader.signed() }
}

function encodeContract(contract: Contract, writer: ByteWriter): void {
  writer.text(contract.contractId)
  writer.unsigned(contract.version)
  writer.signed(contract.validFrom)
  writer.optionalSigned(contract.validTo)
  encodeTerms(contract.terms, writer)
}

function decodeContract(reader: ByteReader, version: number): Contract {
  return {
    contractId: reader.text(),
    version: reader.unsigned(),
    validFrom: reader.signed(),
    validTo: reader.optionalSigned(),
    terms: decodeTerms(reader, version),
  }
}

function encodeTerms(terms: Terms, writer: ByteWriter): void {
  writer.text(terms.partyKind)
  writer.text(terms.mode)
  writer.text(terms.entity)
  writer.text(terms.currency)
  writer.byte(orderEvents.indexOf(terms.settleableEvent))
  writer.unsigned(terms.plusDays)
  writer.flag(terms.rulePinnedAt === 'ORDER_PAID')
  encodeCycle(terms.cycle, writer)
  writer.flag(terms.emptyStatements === 'EMIT')
  writer.unsigned(terms.refundWaitDays)
  writer.list(terms.notApplied, (section) => writer.text(section))
  encodeAfterwards(terms, writer)
}

function decodeTerms(reader: ByteReader, version: number): Terms {
  return {
    partyKind: reader.text(),
    mode: reader.text(),
    entity: reader.text(),
    currency: reader.text(),
    settleableEvent: orderEvents[reader.byte()] as Terms['settleableEvent'],
    plusDays: reader.unsigned(),
    rulePinnedAt: reader.flag() ? 'ORDER_PAID' : 'ORDER_COMPLETED',
    cycle: decodeCycle(reader),
    emptyStatements: reader.flag() ? 'EMIT' : 'SKIP',
    refundWaitDays: reader.unsigned(),
    notApplied: reader.list(() => reader.text()),
    ...(version === 1 ? nothingAfterwards : decodeAfterwards(reader)),
  }
}
