import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// What a release wrote must be read for ever. A schema is changed by releasing it anew: its new
// form goes to schemas/released/<next version>/, and the codec learns to read both.

const released = 'schemas/released'
const versions = readdirSync(released).sort((a, b) => Number(a) - Number(b))

function namesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.avsc'))
}

function textOf(path: string): string {
  return readFileSync(path, 'utf8')
}

test('versions are numbered from 1 without a gap', () => {
  expect(versions).toEqual(versions.map((_, place) => String(place + 1)))
  expect(versions).not.toHaveLength(0)
})

test('every schema is what its newest released version says', () => {
  const changed = namesIn('schemas').filter((name) => {
    const newest = versions.findLast((version) => namesIn(`${released}/${version}`).includes(name))
    return (
      newest === undefined || textOf(`schemas/${name}`) !== textOf(`${released}/${newest}/${name}`)
    )
  })
  expect(changed, 'release a new version: schemas/released/<next>/<name>').toEqual([])
})

test('no schema that was released is gone', () => {
  const known = namesIn('schemas')
  const gone = versions.flatMap((version) =>
    namesIn(`${released}/${version}`).filter((name) => !known.includes(name)),
  )
  expect(gone).toEqual([])
})

test('no id that was released has changed', () => {
  const now = JSON.parse(textOf('schemas/registry.json'))
  for (const version of versions) {
    expect(now).toMatchObject(JSON.parse(textOf(`${released}/${version}/registry.json`)))
  }
})
