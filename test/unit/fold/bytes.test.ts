import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from '../../../src/fold/bytes.ts'

test('a number that is cut off is a fault, and reading it ends', () => {
  for (const bytes of [[], [0x80], [0xff, 0xff, 0xff]]) {
    expect(() => new ByteReader(new Uint8Array(bytes)).unsigned()).toThrow('end within a number')
  }
})

test('every whole number comes back', () => {
  const safe = fc.oneof(fc.maxSafeNat(), fc.nat(300))
  fc.assert(
    fc.property(safe, fc.maxSafeInteger(), (unsigned, signed) => {
      const writer = new ByteWriter(64)
      writer.unsigned(unsigned)
      writer.signed(signed)
      const reader = new ByteReader(writer.copy())
      expect([reader.unsigned(), reader.signed()]).toEqual([unsigned, signed])
    }),
  )
})
