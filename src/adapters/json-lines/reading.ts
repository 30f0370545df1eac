import { ZoneDays } from './zone-days.ts'

/** Why a line is no event: the path of the field and what is wrong with it. */
export class Refusal extends Error {
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** What the reading of one line knows besides the value at hand. */
export class Reading {
  /** Where the value at hand stands. */
  readonly path: (string | number)[] = []
  /** The currency of the innermost record that has one. */
  currency: string | null = null
  /** The document of an event that carries one. */
  document: unknown = null
  documentField = ''
  /** Days of the zone that `load` and `process` were given. */
  readonly zoneDays: ZoneDays | null
  private readonly zones = new Map<string, ZoneDays>()

  constructor(zone: string | undefined) {
    this.zoneDays = zone === undefined ? null : this.daysOf(zone)
  }

  begin(): void {
    this.path.length = 0
    this.currency = null
    this.document = null
  }

  /** Days of any zone; throws a RangeError when it is none. */
  daysOf(zone: string): ZoneDays {
    const days = this.zones.get(zone) ?? new ZoneDays(zone)
    this.zones.set(zone, days)
    return days
  }

  /** For throwing: `field` is the last step of the path; empty for the value at hand itself. */
  refusal(field: string, message: string): Refusal {
    let text = ''
    for (const place of field === '' ? this.path : [...this.path, field]) {
      if (typeof place === 'number') text += `[${place}]`
      else text += text === '' ? place : `.${place}`
    }
    return new Refusal(text === '' ? 'record' : text, message)
  }
}

/** What a JSON value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`
}
