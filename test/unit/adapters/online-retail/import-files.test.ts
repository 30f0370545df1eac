import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importFiles } from '../../../../src/adapters/online-retail/import-files.ts'

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const row = '1,22745,A BOX,1,2010-12-01 08:00:00,1.0,13047.0,France'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retail-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function idsOf(...paths: string[]): Promise<string[]> {
  const ids: string[] = []
  for await (const { type, eventId } of importFiles(paths)) if (type !== 'Tick') ids.push(eventId)
  return ids
}

async function faultOf(path: string): Promise<{ message: string; exitCode: number }> {
  return await idsOf(path).then(
    () => expect.unreachable('the import went through'),
    (fault) => fault,
  )
}

test('files are one set: an invoice goes on in the next one', async () => {
  const first = file('a.csv', `${header}\n${row}\n`)
  const second = file('b.csv.gz', gzipSync(`${header}\n${row.replace('22745', 'POST')}\n`))
  expect(await idsOf(first, second)).toEqual(['1-2', '1-227:completed'])
})

test('columns are found by name, with a byte order mark and further columns too', async () => {
  const names = 'Extra,UnitPrice,InvoiceNo,StockCode,Description,Quantity,InvoiceDate,CustomerID'
  const cells = 'x,1.0,1,22745,"A ""BOX"", RED",1,2010-12-01 08:00:00,'
  const path = file('a.csv', `\uFEFF${names}\r\n${cells}\r\n`)
  expect(await idsOf(path)).toEqual(['1-227:completed'])
})

test('a bad row is named by file, line and field, whatever stands before it', async () => {
  const lines = [header, row, '2,22745,"TWO', 'LINES",1,2010-12-01 08:00:00,1.0,,UK', '']
  const path = file('a.csv', [...lines, row.replace('2010', 'year')].join('\n'))
  const { message, exitCode } = await faultOf(path)
  expect(message).toContain(`${path}:6: InvoiceDate: "year-12-01 08:00:00"`)
  expect(exitCode).toBe(4)
})

test('events before a bad row are given', async () => {
  const path = file('a.csv', `${header}\n${row.replace('22745', 'POST')}\n1,x\n`)
  const events: string[] = []
  const all = (async () => {
    for await (const { eventId } of importFiles([path])) events.push(eventId)
  })()
  await expect(all).rejects.toThrow(`${path}:3: `)
  expect(events).toEqual(['1-1'])
})

// biome-ignore format: the columns are a table
test.each([
  ['an empty file            ', 'a.csv',    '',                      ':1: ',                4],
  ['a missing column         ', 'a.csv',    'InvoiceNo,StockCode\n', ':1: Description, ',   4],
  ['a row that is too short  ', 'a.csv',    `${header}\n1,2\n`,      ':2: ',                4],
  ['a quote that stays open  ', 'a.csv',    `${header}\n1,"2\n`,     'Quote Not Closed',    4],
  ['a .gz that is none       ', 'a.csv.gz', header,                  'cannot be gunzipped', 4],
] as const)('%s is faulty input', async (_, name, content, message, exitCode) => {
  const path = file(name, content)
  const fault = await faultOf(path)
  expect(fault.message).toContain(path)
  expect(fault.message).toContain(message)
  expect(fault.exitCode).toBe(exitCode)
})

test('a .gz that was cut off is faulty input', async () => {
  const whole = gzipSync(`${header}\n${`${row}\n`.repeat(5_000)}`)
  const fault = await faultOf(file('a.csv.gz', whole.subarray(0, whole.length - 20)))
  expect(fault).toMatchObject({ exitCode: 4, message: expect.stringContaining('gunzipped') })
})

test('a file that is not there is not found', async () => {
  expect(await faultOf(join(folder, 'nope.csv'))).toMatchObject({ exitCode: 6 })
})

test('a folder is no file', async () => {
  expect(await faultOf(folder)).toMatchObject({ exitCode: 4 })
})

test('what was done is counted as the events are pulled', async () => {
  const path = file('a.csv', `${header}\n${row}\n${row.replace(',1,', ',-1,')}\n`)
  const progress = { rows: 0, skippedRows: 0, events: 0 }
  for await (const _ of importFiles([path], progress));
  expect(progress).toEqual({ rows: 2, skippedRows: 1, events: 46 })
})
