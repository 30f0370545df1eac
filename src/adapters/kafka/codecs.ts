/// <reference path="./snappyjs.d.ts" />
import { decompress as decompressZstd } from 'fzstd'
import { uncompress } from 'snappyjs'
import { setDecompressor } from './kafkajs.ts'
import { decompressLz4 } from './lz4.ts'

/** Batches of other producers may be compressed with any codec; gzip is known without this. */
export function setDecompressors(): void {
  setDecompressor(2, decompressSnappy)
  setDecompressor(3, decompressLz4)
  setDecompressor(4, (bytes) => Buffer.from(decompressZstd(bytes)))
}

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const xerialHead = 16

/** Java writes blocks behind a head of its own, librdkafka one block without any. */
export function decompressSnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return uncompress(bytes)
  const parts: Buffer[] = []
  let at = xerialHead
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at)
    parts.push(uncompress(bytes.subarray(at + 4, end)))
    at = end
  }
  return Buffer.concat(parts)
}
