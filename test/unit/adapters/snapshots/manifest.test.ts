import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Manifest, readManifest, sealOf } from '../../../../src/adapters/snapshots/manifest.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settle-manifest-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const digest = 'a'.repeat(64)
const manifest: Manifest = {
  format: 1,
  identity: { clusterId: 'c', partition: 0 },
  position: { offset: 5, step: 0 },
  digest: '0123456789abcdef',
  nextOutSeq: 3,
  foldVersion: 1,
  rows: 2,
  rowsDigest: digest,
  takenAt: '2026-06-01T00:00:00.000Z',
  files: [{ name: 'CURRENT', bytes: 16, sha256: digest }],
}

function written(value: unknown): string {
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(value))
  return folder
}

test('a manifest is read as it was written', () => {
  expect(readManifest(written(manifest))).toEqual(manifest)
})

test.each([
  ['format', { format: 2 }],
  ['identity', { identity: null }],
  ['position', { position: { offset: -1, step: 0 } }],
  ['nextOutSeq', { nextOutSeq: 1.5 }],
  ['rows', { rows: '2' }],
  ['rowsDigest', { rowsDigest: 'A' }],
  ['takenAt', { takenAt: 1 }],
  ['files', { files: [] }],
  ['files', { files: [{ name: '../CURRENT', bytes: 1, sha256: digest }] }],
  ['files', { files: [{ name: '/etc/passwd', bytes: 1, sha256: digest }] }],
  ['files', { files: [{ name: '..', bytes: 1, sha256: digest }] }],
  ['files', { files: [{ name: 'CURRENT', bytes: 1, sha256: 'x' }] }],
])('a manifest with a wrong %s is refused', (name, change) => {
  expect(() => readManifest(written({ ...manifest, ...change }))).toThrow(
    `manifest.json: ${name} is missing or wrong`,
  )
})

test.each(['', 'null', '[]', '{"format":'])('%j is no manifest', (text) => {
  writeFileSync(join(folder, 'manifest.json'), text)
  expect(() => readManifest(folder)).toThrow(/manifest\.json: (is no JSON|the object)/)
})

test('a verification is of one manifest only', () => {
  written(manifest)
  writeFileSync(join(folder, 'verified.json'), JSON.stringify({ manifest: digest }))
  expect(sealOf(folder)).toBe(digest)
  expect(() => readManifest(folder)).toThrow('is not the manifest that was verified')
})

test('what is no verification is none', () => {
  expect(sealOf(folder)).toBeUndefined()
  writeFileSync(join(folder, 'verified.json'), 'null')
  expect(sealOf(folder)).toBeUndefined()
})
