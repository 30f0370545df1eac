import { readdirSync } from 'node:fs'
import avsc from 'avsc'
import { describe, expect, test } from 'vitest'
import { legs, statementStatuses } from '../../../../src/domain/statements/statement.ts'
import {
  type AvroField,
  type AvroSchema,
  registry,
  schemaOf,
  schemasFolder,
} from './arbitrary-event.ts'

const names = readdirSync(schemasFolder)
  .filter((file) => file.endsWith('.avsc'))
  .map((file) => file.replace('.avsc', ''))

/** Every record and enum of a schema. */
function definitions(type: unknown): AvroSchema[] {
  if (typeof type !== 'object' || type === null) return []
  if (Array.isArray(type)) return type.flatMap(definitions)
  const schema = type as AvroSchema & { items?: unknown }
  if (schema.items !== undefined) return definitions(schema.items)
  const inner = (schema.fields ?? []).flatMap((field) => definitions(field.type))
  return schema.name === undefined ? inner : [schema, ...inner]
}

function allFields(name: string): AvroField[] {
  return definitions(schemaOf(name)).flatMap(({ fields }) => fields ?? [])
}

test('the registry has one id for every schema and none twice', () => {
  expect(Object.keys(registry).sort()).toEqual([...names].sort())
  expect(new Set(Object.values(registry)).size).toBe(names.length)
})

test('an id never changes: these are in logs already', () => {
  expect(registry).toMatchObject({
    OrderPlaced: 1,
    OrderPaid: 2,
    OrderDelivered: 3,
    OrderCompleted: 4,
    OrderCancelled: 5,
    RefundSucceeded: 6,
    FeeLineSubmitted: 7,
    FeeLineReversed: 8,
    AdjustmentSubmitted: 9,
    RuleBookPublished: 10,
    CalendarPublished: 11,
    Tick: 12,
    ContractSigned: 13,
    ContractAmended: 14,
    ContractTerminated: 15,
    PartyModeChanged: 16,
    SettlementEntityChanged: 17,
    BehaviourActivated: 18,
    RebateAmountAgreed: 50,
    CostPublished: 51,
    PurchaseReceived: 52,
    PurchaseReturned: 53,
    TeamMembershipChanged: 60,
    GuideCredited: 61,
    GuideClawedBack: 62,
    ClockPassed: 63,
    ChargebackOpened: 80,
    ChargebackClosed: 81,
    ExchangeCompleted: 82,
    FxRatePublished: 83,
    Entry: 101,
    EntryPack: 102,
    Statement: 103,
    Notice: 104,
    Rejection: 105,
    Instruction: 106,
  })
})

describe.each(names)('%s', (name) => {
  test('is a schema that an Avro library takes', () => {
    expect(avsc.Type.forSchema(schemaOf(name) as unknown as avsc.Schema).name).toContain(name)
  })

  test('says what every record, enum and field is for', () => {
    const silent = [...definitions(schemaOf(name)), ...allFields(name)].filter(({ doc }) => !doc)
    expect(silent.map((silentPart) => silentPart.name)).toEqual([])
  })

  test('has null as the default of what may be absent and [] of every list', () => {
    const wrong = allFields(name).filter((field) => {
      if (Array.isArray(field.type)) return field.default !== null || field.type[0] !== 'null'
      const isList = (field.type as { type?: unknown }).type === 'array'
      return isList ? !Array.isArray(field.default) : field.default !== undefined
    })
    expect(wrong.map((field) => field.name)).toEqual([])
  })
})

test('the five order events have one shape', () => {
  const { fields } = schemaOf('OrderPlaced')
  for (const name of ['OrderPaid', 'OrderDelivered', 'OrderCompleted', 'OrderCancelled']) {
    expect(schemaOf(name).fields).toEqual(fields)
  }
})

test('the entries of a pack have the schema that the seal names', () => {
  const entry = definitions(schemaOf('EntryPack')).find(({ name }) => name === 'Entry')
  expect(entry?.fields).toEqual(schemaOf('Entry').fields)
})

test('legs and states stand in the order of the code', () => {
  const symbols = (schema: string, name: string): unknown =>
    (definitions(schemaOf(schema)).find((part) => part.name === name) as { symbols?: unknown })
      .symbols
  expect(symbols('Entry', 'Leg')).toEqual(legs)
  expect(symbols('Statement', 'StatementStatus')).toEqual(statementStatuses)
})
