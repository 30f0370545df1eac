/** Named for the recovery it asks for; `cause` keeps what the adapter saw. */
export abstract class Fault extends Error {
  abstract readonly kind: FaultKind
}

export type FaultKind = 'transient' | 'ownership-lost' | 'corrupt-state' | 'halted' | 'fatal'

/** A retry may succeed. */
export class TransientFault extends Fault {
  override readonly kind = 'transient'
}

/** Fenced, or the partition was revoked: drop the draft and rejoin. */
export class OwnershipLost extends Fault {
  override readonly kind = 'ownership-lost'
}

/** A checksum or a chain link of the store is wrong: set it aside, start cold. */
export class CorruptState extends Fault {
  override readonly kind = 'corrupt-state'
}

/** The partition stops at this record and says why; going on would lose or double something. */
export class Halted extends Fault {
  override readonly kind = 'halted'
  readonly reason: HaltReason

  constructor(reason: HaltReason, message: string) {
    super(`${reason}: ${message}`)
    this.reason = reason
  }
}

export type HaltReason = (typeof haltReasons)[number]

export const haltReasons = [
  'POSITION_LOST',
  'STORE_AHEAD',
  'DIVERGED',
  'IDENTITY_CHANGED',
  'LOG_TRUNCATED',
  'CALENDAR_EXHAUSTED',
  'BEHAVIOUR_UNKNOWN',
  'LOOPBACK_GAP',
  'OUTCOME_UNKNOWN',
] as const

/** Bad settings, no rights, disk full, locked: stop the process with this exit code. */
export class FatalFault extends Fault {
  override readonly kind = 'fatal'
  readonly exitCode: number

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** Places where a test may end the process: `reach` is a no-op outside tests. */
export interface Failpoints {
  reach(name: Failpoint): void
}

export type Failpoint = (typeof failpoints)[number]

/** Before and after every step of the protocol (docs/commit-protocol.md). */
export const failpoints = [
  'append:before',
  'append:after',
  'acquire:before',
  'acquire:after',
  'recover:before',
  'recover:after',
  'fold:before',
  'fold:after',
  'transaction:before',
  'transaction:after',
  'store:before',
  'store:after',
  'outputs:before',
  'outputs:after',
] as const

export const noFailpoints: Failpoints = { reach: () => undefined }
