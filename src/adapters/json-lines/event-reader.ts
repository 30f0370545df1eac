import { isCurrency } from '../../domain/money/currency.ts'
import type { Event, RefundFacts } from '../../fold/events.ts'
import { eventTypes, laterEventTypes } from './event-types.ts'
import { kindOf, Reading, Refusal } from './reading.ts'
import { compileRecord } from './record-readers.ts'
import { type FieldSchema, loadSchema, type RecordSchema } from './schema.ts'
import { didYouMean } from './suggest.ts'

/** Reads the lines of event files; never throws on any line. */
export interface EventReader {
  read(line: string): ReadEvent
}

/** An event, or the path of the first faulty field and what is wrong with it. */
export type ReadEvent =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly field: string; readonly message: string }

export interface EventReaderOptions {
  readonly schemasFolder: string
  /** Time zone of days in events and contracts; undefined: such days are refused. */
  readonly zone: string | undefined
}

/** Reads the schemas once; throws a RangeError when the zone is no time zone. */
export function createEventReader({ schemasFolder, zone }: EventReaderOptions): EventReader {
  const reading = new Reading(zone)
  const readers = new Map<string, (source: Source) => Event>()
  for (const type of eventTypes) {
    readers.set(type, compileEvent(loadSchema(schemasFolder, type), reading))
  }

  return {
    read(line) {
      reading.begin()
      try {
        const source = parse(line)
        const { type } = source
        const read = typeof type === 'string' ? readers.get(type) : undefined
        if (read === undefined) throw unknownType(type)
        return { ok: true, event: read(source) }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return { ok: false, field: error.field, message: error.message }
      }
    },
  }
}

type Source = Readonly<Record<string, unknown>>

function parse(line: string): Source {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new Refusal('record', `is no JSON: ${(error as Error).message}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Source
  throw new Refusal('record', `must be a JSON object, not ${kindOf(value)}`)
}

function unknownType(type: unknown): Refusal {
  if (type === undefined) return new Refusal('type', 'is missing')
  if (typeof type !== 'string') {
    return new Refusal('type', `must be a string, not ${kindOf(type)}`)
  }
  if (laterEventTypes.includes(type)) {
    return new Refusal('type', `${type} is not available in this version`)
  }
  const name = type.length > 64 ? `${type.slice(0, 64)}…` : type
  return new Refusal('type', `"${name}" is no event type${didYouMean(type, eventTypes)}`)
}

function compileEvent(schema: RecordSchema, reading: Reading): (source: Source) => Event {
  const read = compileRecord({ ...schema, fields: [typeField, ...schema.fields] })
  const inFiles = schema.fields.find(({ inFiles }) => inFiles !== undefined)?.inFiles
  const identity = schema.fields.map(({ name }) => name).filter((name) => identityFields.has(name))

  return (source) => {
    const whole = inFiles === undefined ? source : withIdentity(source, inFiles, identity)
    const event = read(whole, reading) as unknown as Event
    const fault = wholeFault(event)
    if (fault !== null) throw new Refusal(fault.field, fault.message)
    return event
  }
}

const typeField: FieldSchema = { name: 'type', type: 'string', settle: 'name' }

const identityFields: ReadonlySet<string> = new Set(['ruleBookId', 'contractId', 'version'])

/** Id and version stand in the document already; saying them again must agree. */
function withIdentity(source: Source, inFiles: string, names: readonly string[]): Source {
  const document = source[inFiles]
  if (document === undefined) throw new Refusal(inFiles, 'is missing')
  if (typeof document !== 'object' || document === null) {
    throw new Refusal(inFiles, `must be an object, not ${kindOf(document)}`)
  }
  const whole: Record<string, unknown> = { ...source }
  for (const name of names) {
    if (!Object.hasOwn(document, name)) continue
    const inside = (document as Source)[name]
    whole[name] ??= inside
    if (whole[name] !== inside) {
      throw new Refusal(name, `differs from ${inFiles}.${name}`)
    }
  }
  return whole
}

/** Faults that no field has alone. */
function wholeFault(event: Event): { readonly field: string; readonly message: string } | null {
  if (event.type === 'Tick' && event.at !== event.occurredAt) {
    return { field: 'at', message: 'differs from occurredAt' }
  }
  if (event.type === 'FxRatePublished' && !isPair(event.pair)) {
    return { field: 'pair', message: 'must be two currencies, like USD/CNY' }
  }
  if (event.type === 'RefundSucceeded') return emptyRefund(event, 'lines')
  return event.type === 'ExchangeCompleted' ? emptyRefund(event.refund, 'refund.lines') : null
}

function isPair(pair: string): boolean {
  const [from = '', into = '', ...rest] = pair.split('/')
  return isCurrency(from) && isCurrency(into) && from !== into && rest.length === 0
}

function emptyRefund(
  { lines, fees, freight }: RefundFacts,
  field: string,
): ReturnType<typeof wholeFault> {
  if (lines.length > 0 || fees.length > 0 || freight !== null) return null
  return { field, message: 'is empty: a refund names lines, freight or fees' }
}
