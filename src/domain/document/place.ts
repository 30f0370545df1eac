import { type Day, parseDay } from '../calendar/day.ts'
import { type Decimal, maxScale, parseDecimal, toFraction } from '../money/decimal.ts'
import type { Fraction } from '../money/money.ts'
import { closest } from './closest.ts'

// Reading a JSON document that a person wrote.
//
//   P1. Every problem is noted, none ends the reading: a reader notes it and returns undefined.
//   P2. A reader that returns undefined has noted a problem, so a document without problems is
//       whole.
//   P3. Keys are read by name and counted as known; `Fields.close` refuses the others.

/** One thing wrong with a document: where, and what is wrong or what to write instead. */
export interface Problem {
  /** Like `schedules[4].versions[0].formula.rate (fs-cps)`. */
  readonly path: string
  readonly message: string
}

/** A decimal as written and as read. */
export interface WrittenDecimal {
  readonly text: string
  readonly value: Decimal
}

/** A proportion as written and as an exact fraction. */
export interface WrittenRate {
  readonly text: string
  readonly fraction: Fraction
}

const idPattern = /^[A-Za-z0-9._:?-]{1,64}$/

/** A value inside a document with the way to it. */
export class Place {
  readonly value: unknown
  readonly #steps: string
  readonly #names: readonly string[]
  readonly #problems: Problem[]

  constructor(
    value: unknown,
    problems: Problem[],
    at: { readonly steps: string; readonly names: readonly string[] } = { steps: '', names: [] },
  ) {
    this.value = value
    this.#problems = problems
    this.#steps = at.steps
    this.#names = at.names
  }

  /** The way to the value, with the ids of the things on it. */
  get path(): string {
    const steps = this.#steps === '' ? 'document' : this.#steps
    return this.#names.length === 0 ? steps : `${steps} (${this.#names.join(', ')})`
  }

  /** Notes a problem with this value. */
  refuse(message: string): undefined {
    this.#problems.push({ path: this.path, message })
    return undefined
  }

  /** The value under a key, or where it would stand. */
  at(key: string, value: unknown): Place {
    const steps = this.#steps === '' ? key : `${this.#steps}.${key}`
    return new Place(value, this.#problems, { steps, names: this.#names })
  }

  /** The places of a list; with `idKey`, each is named by what stands under that key. */
  list(idKey?: string): readonly Place[] | undefined {
    if (!Array.isArray(this.value)) return this.refuse(`must be a list, not ${kindOf(this.value)}`)
    return this.value.map((value: unknown, index) => {
      const id = idKey === undefined ? undefined : ownText(value, idKey)
      const names = id === undefined ? this.#names : [...this.#names, id]
      return new Place(value, this.#problems, { steps: `${this.#steps}[${index}]`, names })
    })
  }

  /** A list with at least one value. */
  filledList(idKey?: string): readonly Place[] | undefined {
    const places = this.list(idKey)
    return places?.length === 0 ? this.refuse('must not be empty') : places
  }

  /** The fields of an object. */
  fields(): Fields | undefined {
    return isObject(this.value)
      ? new Fields(this, this.value)
      : this.refuse(`must be an object, not ${kindOf(this.value)}`)
  }

  /** Text that is not empty. */
  text(): string | undefined {
    if (typeof this.value !== 'string') {
      return this.refuse(`must be text, not ${kindOf(this.value)}`)
    }
    return this.value === '' ? this.refuse('must not be empty') : this.value
  }

  /** An id: 1–64 of A–Z a–z 0–9 . _ : ? -, so that composed ids can join it with / and #. */
  id(): string | undefined {
    const text = this.text()
    if (text === undefined || idPattern.test(text)) return text
    return this.refuse(`"${shown(text)}" is no id: use 1 to 64 of A–Z a–z 0–9 . _ : ? -`)
  }

  /** One of a few words. */
  oneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    const text = this.text()
    if (text === undefined) return undefined
    const word = words.find((candidate) => candidate === text)
    return word ?? this.refuse(`"${shown(text)}" is not known${suggestion(text, words)}`)
  }

  flag(): boolean | undefined {
    return typeof this.value === 'boolean'
      ? this.value
      : this.refuse(`must be true or false, not ${kindOf(this.value)}`)
  }

  /** A JSON integer within limits, both included. */
  integer(least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const { value } = this
    if (typeof value !== 'number') {
      return this.refuse(`must be a whole number, not ${kindOf(value)}`)
    }
    if (!Number.isSafeInteger(value)) return this.refuse(`${value} is no whole number`)
    if (value < least) return this.refuse(`${value} is too small: at least ${least}`)
    return value > most ? this.refuse(`${value} is too large: at most ${most}`) : value
  }

  /** A calendar day, `YYYY-MM-DD`. */
  day(): Day | undefined {
    const text = this.text()
    if (text === undefined) return undefined
    return parseDay(text) ?? this.refuse(`"${shown(text)}" is no day: write YYYY-MM-DD`)
  }

  /** A decimal ≥ 0 in a string: amounts get their sign from the fee type or the rule. */
  decimal(): WrittenDecimal | undefined {
    const { value } = this
    if (typeof value === 'number') return this.refuse(`must be text: ${asString(value)}`)
    const text = this.text()
    if (text === undefined) return undefined
    const read = parseDecimal(text)
    if (read === undefined) return this.refuse(whyNoDecimal(text))
    return read.unscaled < 0 ? this.refuse(`${text} is negative`) : { text, value: read }
  }

  /** An amount ≥ 0 in major units, as written. */
  amount(): string | undefined {
    return this.decimal()?.text
  }

  /** A proportion ≥ 0. */
  rate(): WrittenRate | undefined {
    const written = this.decimal()
    return written && { text: written.text, fraction: toFraction(written.value) }
  }

  /** A proportion of a whole: 0 to 1. */
  portion(): WrittenRate | undefined {
    const rate = this.rate()
    if (rate === undefined || rate.fraction.numerator <= rate.fraction.denominator) return rate
    return this.refuse(`${rate.text} is more than the whole: at most 1`)
  }
}

/** The fields of one object of a document; counts which of its keys were asked for. */
export class Fields {
  readonly place: Place
  readonly #object: Readonly<Record<string, unknown>>
  readonly #known = new Set<string>()

  constructor(place: Place, object: Readonly<Record<string, unknown>>) {
    this.place = place
    this.#object = object
  }

  keys(): readonly string[] {
    return Object.keys(this.#object)
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#object, key)
  }

  /** The place of a field that may be absent. */
  optional(key: string): Place | undefined {
    this.#known.add(key)
    return this.has(key) ? this.place.at(key, this.#object[key]) : undefined
  }

  /** The place of a field that must be there; `remedy` says what to write. */
  required(key: string, remedy?: string): Place | undefined {
    const place = this.optional(key)
    if (place !== undefined) return place
    return this.place.at(key, undefined).refuse(remedy ? `is missing: ${remedy}` : 'is missing')
  }

  /** A required id that no other thing of its list has: `seen` collects them. */
  uniqueId(key: string, seen: Set<string>): string | undefined {
    const id = this.required(key)?.id()
    if (id === undefined) return undefined
    if (seen.has(id)) this.place.refuse(`the ${key} ${id} stands twice`)
    seen.add(id)
    return id
  }

  /** These fields and, where they are absent here, those of `base` that nothing has asked for. */
  over(base: Fields): Fields {
    const rest = Object.entries(base.#object).filter(([key]) => !base.#known.has(key))
    return new Fields(this.place, { ...Object.fromEntries(rest), ...this.#object })
  }

  /** Refuses every key that nothing asked for. */
  close(): void {
    for (const key of this.keys()) {
      if (this.#known.has(key)) continue
      const free = [...this.#known].filter((known) => !this.has(known))
      const near = closest(key, free) ?? closest(key, this.#known)
      const remedy = near === undefined ? 'remove it' : `did you mean "${near}"?`
      this.place.at(shown(key), undefined).refuse(`is not known here: ${remedy}`)
    }
  }
}

/** ` (did you mean "NET"?)` or the words that may stand there. */
export function suggestion(text: string, words: readonly string[]): string {
  const near = closest(text, words)
  return near === undefined ? `: one of ${words.join(', ')}` : `: did you mean "${near}"?`
}

/** Text of a document as far as a message can show it. */
export function shown(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function ownText(value: unknown, key: string): string | undefined {
  if (!isObject(value) || !Object.hasOwn(value, key)) return undefined
  const text = value[key]
  return typeof text === 'string' && text !== '' ? shown(text) : undefined
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? `the number ${value}` : String(value)
}

function asString(value: number): string {
  const digits = String(value)
  return digits.includes('e') ? 'write it as a string' : `write it as a string: "${digits}"`
}

function whyNoDecimal(text: string): string {
  const decimals = /^-?[0-9]+\.([0-9]+)$/.exec(text)?.[1]
  if (decimals !== undefined && decimals.length > maxScale) {
    return `${shown(text)} has ${decimals.length} decimals: at most ${maxScale}`
  }
  return `"${shown(text)}" is no decimal that fits: write it like "0.05"`
}
