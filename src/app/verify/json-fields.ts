import { parseInstant } from '../../adapters/json-lines/instants.ts'
import { type Day, formatDay, parseDay } from '../../domain/calendar/day.ts'
import { exponentOf } from '../../domain/money/currency.ts'

/** What is wrong with a field of an exported record. */
export interface FieldFault {
  readonly field: string
  readonly message: string
}

type Json = Readonly<Record<string, unknown>>

/**
 * Reads the fields of a record that somebody may have changed. A field that cannot be read gives a
 * stand-in and the first such fault is kept, so that a reader needs no branch per field.
 */
export class JsonFields {
  fault: FieldFault | undefined
  private readonly json: Json
  private readonly prefix: string

  constructor(json: Json, prefix = '') {
    this.json = json
    this.prefix = prefix
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.missing(name, '')
  }

  optionalText(name: string): string | null {
    const value = this.json[name]
    if (value === undefined) return null
    if (typeof value === 'string' && value !== '') return value
    return this.refuse(name, 'must be a text', null)
  }

  integer(name: string): number {
    return this.optionalInteger(name) ?? this.missing(name, 0)
  }

  optionalInteger(name: string): number | null {
    const value = this.json[name]
    if (value === undefined) return null
    if (Number.isSafeInteger(value)) return value as number
    return this.refuse(name, 'must be a whole number', null)
  }

  money(name: string, currency: string): number {
    return this.optionalMoney(name, currency) ?? this.missing(name, 0)
  }

  optionalMoney(name: string, currency: string): number | null {
    const text = this.optionalText(name)
    if (text === null) return null
    const minor = parseMinor(text, currency)
    if (minor !== undefined) return minor
    const decimals = exponentOf(currency) ?? 0
    return this.refuse(name, `"${text}" is no amount with ${decimals} decimals`, null)
  }

  instant(name: string): number {
    return this.optionalInstant(name) ?? this.missing(name, 0)
  }

  optionalInstant(name: string): number | null {
    const text = this.optionalText(name)
    if (text === null) return null
    const instant = parseInstant(text)
    return typeof instant === 'number' ? instant : this.refuse(name, instant, null)
  }

  optionalDay(name: string): Day | null {
    const text = this.optionalText(name)
    if (text === null) return null
    const day = parseDay(text)
    if (day !== undefined && formatDay(day) === text) return day
    return this.refuse(name, `"${text}" is no day`, null)
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const text = this.text(name)
    if ((values as readonly string[]).includes(text)) return text as T
    return this.refuse(name, `"${text}" is none of those that exist`, values[0] as T)
  }

  list(name: string): readonly unknown[] {
    const value = this.json[name]
    return Array.isArray(value) ? value : this.refuse(name, 'must be a list', [])
  }

  object(name: string): JsonFields | null {
    const value = this.json[name]
    if (value === undefined) return null
    if (isObject(value)) return new JsonFields(value, `${this.prefix}${name}.`)
    return this.refuse(name, 'must be an object', null)
  }

  refuse<T>(name: string, message: string, standIn: T): T {
    this.fault ??= { field: this.prefix + name, message }
    return standIn
  }

  /** Keeps the fault of a part, unless there is one already. */
  join(part: JsonFields | null): void {
    this.fault ??= part?.fault
  }

  private missing<T>(name: string, standIn: T): T {
    return this.refuse(name, 'is missing', standIn)
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Minor units of an amount written with exactly the currency's decimals. */
export function parseMinor(text: string, currency: string): number | undefined {
  const exponent = exponentOf(currency)
  const match = /^-?[0-9]+(?:\.([0-9]+))?$/.exec(text)
  if (exponent === undefined || match === null) return undefined
  if ((match[1] ?? '').length !== exponent) return undefined
  const minor = Number(text.replace('.', ''))
  return Number.isSafeInteger(minor) ? minor + 0 : undefined
}
