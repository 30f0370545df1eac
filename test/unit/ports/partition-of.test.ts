import { expect, test } from 'vitest'
import { murmur2, partitionOf } from '../../../src/ports/partition-of.ts'

// The vectors of Kafka's own test (UtilsTest).
// biome-ignore format: the columns are a table
const vectors = [
  // key                                                hash
  ['21',                                                -973_932_308],
  ['foobar',                                            -790_332_482],
  ['a-little-bit-long-string',                          -985_981_536],
  ['a-little-bit-longer-string',                        -1_486_304_829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8',  -58_897_971],
  ['abc',                                               479_470_107],
] as const

for (const [key, hash] of vectors) {
  test(`the hash of ${key} is that of Kafka's Java client`, () => {
    expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  test(`the partition of ${key} is the hash without its sign, modulo the partitions`, () => {
    expect(partitionOf(key, 12)).toBe(Number(BigInt.asUintN(31, BigInt(hash)) % 12n))
  })
}

test('bytes above 0x7f count as positive, in words and in the rest', () => {
  expect(murmur2(Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9))).toBe(
    murmur2(Buffer.from('fffefdfcfbfaf9', 'hex')),
  )
  expect(partitionOf('ÿé€😀', 1_000)).toBe((murmur2(Buffer.from('ÿé€😀')) & 0x7fff_ffff) % 1_000)
})

test('every partition gets about its share', () => {
  const counts = new Array<number>(4).fill(0)
  for (let i = 0; i < 4_000; i += 1) {
    const partition = partitionOf(`merchant-${i}`, 4)
    counts[partition] = (counts[partition] as number) + 1
  }
  for (const count of counts) expect(count).toBeGreaterThan(900)
})
