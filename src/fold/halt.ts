/**
 * The fold cannot go on at this record without losing or inventing something; a person must act.
 */
export class FoldHalt extends Error {
  readonly reason: 'CALENDAR_EXHAUSTED' | 'BEHAVIOUR_UNKNOWN' | 'LOOPBACK_GAP'

  constructor(reason: FoldHalt['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}
