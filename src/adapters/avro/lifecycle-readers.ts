import type { PartyEnvelope } from '../../fold/envelopes.ts'
import type {
  ApprovalDelegated,
  ApprovalGiven,
  DisputeResolved,
  HoldEvent,
  LifecycleEvent,
  PayoutAccountChanged,
  PayoutEvent,
  StatementConfirmed,
  StatementDisputed,
  SuspensionEvent,
} from '../../fold/lifecycle-events.ts'
import type { AvroCursor } from './avro-cursor.ts'
import {
  optionalDecimal,
  optionalId,
  optionalText,
  readCurrency,
  readInstant,
  readMagnitude,
} from './event-fields.ts'

/** The readers of what comes after a statement is closed, in the order of their schemas. */
export const lifecycleReaders: {
  readonly [T in LifecycleEvent['type']]: (cursor: AvroCursor) => LifecycleEvent
} = {
  PayoutAccountChanged: readPayoutAccountChanged,
  PartySuspended: suspensionReader('PartySuspended'),
  PartyResumed: suspensionReader('PartyResumed'),
  StatementConfirmed: readStatementConfirmed,
  StatementDisputed: readStatementDisputed,
  DisputeResolved: readDisputeResolved,
  ApprovalGranted: approvalReader('ApprovalGranted'),
  ApprovalRejected: approvalReader('ApprovalRejected'),
  ApprovalDelegated: readApprovalDelegated,
  HoldPlaced: holdReader('HoldPlaced'),
  HoldReleased: holdReader('HoldReleased'),
  PayoutAccepted: payoutReader('PayoutAccepted'),
  PayoutSucceeded: payoutReader('PayoutSucceeded'),
  PayoutFailed: payoutReader('PayoutFailed'),
  PayoutReturned: payoutReader('PayoutReturned'),
}

/** What every event of a party begins with. These events are few: a spread costs nothing here. */
function readEnvelope(cursor: AvroCursor): PartyEnvelope {
  return {
    eventId: cursor.id('eventId'),
    occurredAt: readInstant(cursor, 'occurredAt'),
    partyId: cursor.id('partyId'),
    source: optionalText(cursor, 'source'),
  }
}

function readPayoutAccountChanged(cursor: AvroCursor): PayoutAccountChanged {
  return {
    type: 'PayoutAccountChanged',
    ...readEnvelope(cursor),
    changeId: cursor.id('changeId'),
    account: cursor.name('account'),
    validFrom: readInstant(cursor, 'validFrom'),
  }
}

function suspensionReader(type: SuspensionEvent['type']): (cursor: AvroCursor) => SuspensionEvent {
  return (cursor) => ({
    type,
    ...readEnvelope(cursor),
    changeId: cursor.id('changeId'),
    reason: cursor.name('reason'),
  })
}

function readStatementConfirmed(cursor: AvroCursor): StatementConfirmed {
  return {
    type: 'StatementConfirmed',
    ...readEnvelope(cursor),
    confirmationId: cursor.id('confirmationId'),
    statementId: cursor.name('statementId'),
    by: cursor.name('by'),
  }
}

function readStatementDisputed(cursor: AvroCursor): StatementDisputed {
  return {
    type: 'StatementDisputed',
    ...readEnvelope(cursor),
    disputeId: cursor.id('disputeId'),
    statementId: cursor.name('statementId'),
    lineIds: cursor.list('lineIds', readListed),
    by: cursor.name('by'),
    reason: cursor.name('reason'),
  }
}

function readDisputeResolved(cursor: AvroCursor): DisputeResolved {
  return {
    type: 'DisputeResolved',
    ...readEnvelope(cursor),
    disputeId: cursor.id('disputeId'),
    statementId: cursor.name('statementId'),
    by: cursor.name('by'),
    reason: cursor.name('reason'),
    adjustment: optionalDecimal(cursor, 'adjustment'),
  }
}

function approvalReader(type: ApprovalGiven['type']): (cursor: AvroCursor) => ApprovalGiven {
  return (cursor) => ({
    type,
    ...readEnvelope(cursor),
    approvalId: cursor.id('approvalId'),
    adjustmentId: optionalId(cursor, 'adjustmentId'),
    statementId: optionalName(cursor, 'statementId'),
    agreementId: optionalId(cursor, 'agreementId'),
    level: cursor.id('level'),
    by: cursor.name('by'),
    reason: optionalText(cursor, 'reason'),
  })
}

function readApprovalDelegated(cursor: AvroCursor): ApprovalDelegated {
  return {
    type: 'ApprovalDelegated',
    ...readEnvelope(cursor),
    approvalId: cursor.id('approvalId'),
    adjustmentId: optionalId(cursor, 'adjustmentId'),
    statementId: optionalName(cursor, 'statementId'),
    agreementId: optionalId(cursor, 'agreementId'),
    level: cursor.id('level'),
    by: cursor.name('by'),
    to: cursor.name('to'),
    reason: optionalText(cursor, 'reason'),
  }
}

function holdReader(type: HoldEvent['type']): (cursor: AvroCursor) => HoldEvent {
  return (cursor) => ({
    type,
    ...readEnvelope(cursor),
    holdId: cursor.id('holdId'),
    statementId: optionalName(cursor, 'statementId'),
    lineIds: cursor.list('lineIds', readListed),
    by: cursor.name('by'),
    reason: cursor.name('reason'),
  })
}

function payoutReader(type: PayoutEvent['type']): (cursor: AvroCursor) => PayoutEvent {
  return (cursor) => ({
    type,
    ...readEnvelope(cursor),
    instructionId: cursor.name('instructionId'),
    statementId: cursor.name('statementId'),
    amount: readMagnitude(cursor, 'amount'),
    currency: readCurrency(cursor, 'currency'),
    reason: optionalText(cursor, 'reason'),
  })
}

function optionalName(cursor: AvroCursor, field: string): string | null {
  return cursor.present(field) ? cursor.name(field) : null
}

function readListed(cursor: AvroCursor): string {
  return cursor.name('')
}
