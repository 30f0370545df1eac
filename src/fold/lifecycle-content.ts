import { normalized } from '../domain/money/decimal.ts'
import type { ByteWriter } from './bytes.ts'
import type { Event } from './events.ts'
import type { LifecycleEvent } from './lifecycle-events.ts'

// The contents of the events that people and payment systems send. They are few, so one walk over
// the names of their fields does for all; the order of the names is part of the hash.

const fields = {
  PayoutAccountChanged: ['changeId', 'account', 'validFrom'],
  PartySuspended: ['changeId', 'reason'],
  PartyResumed: ['changeId', 'reason'],
  StatementConfirmed: ['confirmationId', 'statementId', 'by'],
  StatementDisputed: ['disputeId', 'statementId', 'lineIds', 'by', 'reason'],
  DisputeResolved: ['disputeId', 'statementId', 'by', 'reason', 'adjustment'],
  ApprovalGranted: approvalFields(),
  ApprovalRejected: approvalFields(),
  ApprovalDelegated: [...approvalFields(), 'to'],
  HoldPlaced: ['holdId', 'statementId', 'lineIds', 'by', 'reason'],
  HoldReleased: ['holdId', 'statementId', 'lineIds', 'by', 'reason'],
  PayoutAccepted: payoutFields(),
  PayoutSucceeded: payoutFields(),
  PayoutFailed: payoutFields(),
  PayoutReturned: payoutFields(),
} as const satisfies Record<LifecycleEvent['type'], readonly string[]>

function approvalFields(): readonly string[] {
  return ['approvalId', 'adjustmentId', 'statementId', 'agreementId', 'level', 'by', 'reason']
}

function payoutFields(): readonly string[] {
  return ['instructionId', 'statementId', 'amount', 'currency', 'reason']
}

/** Whether the event comes from people or payment systems. */
export function isLifecycleEvent(event: Event): event is LifecycleEvent {
  return event.type in fields
}

/** Writes every field but the envelope's. */
export function writeLifecycle(event: LifecycleEvent, writer: ByteWriter): void {
  const values = event as unknown as Readonly<Record<string, unknown>>
  for (const name of fields[event.type]) writeValue(values[name], writer)
}

function writeValue(value: unknown, writer: ByteWriter): void {
  if (typeof value === 'string') writer.optionalText(value)
  else if (typeof value === 'number') writer.signed(value)
  else if (Array.isArray(value)) writer.list(value as string[], (item) => writer.text(item))
  else if (value === null) writer.optionalText(null)
  else writeDecimal(value as Parameters<typeof normalized>[0], writer)
}

function writeDecimal(decimal: Parameters<typeof normalized>[0], writer: ByteWriter): void {
  const { unscaled, scale } = normalized(decimal)
  writer.flag(true)
  writer.signed(unscaled)
  writer.byte(scale)
}
