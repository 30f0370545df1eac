import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { FatalFault } from '../../ports/faults.ts'

/** A line that is not blank, without its end, numbered from 1 as an editor does. */
export interface NumberedLine {
  readonly number: number
  readonly text: string
}

/** Most bytes of one line. */
export const maxLineBytes = 1024 * 1024

const faultyInput = 4
const notFound = 6

/**
 * The lines of a `.jsonl` or `.jsonl.gz` file. A file that is not there, is no gzip, is no UTF-8 or
 * has a line beyond 1 MiB is a `FatalFault` that names the file and, where there is one, the line.
 */
export async function* readFileLines(file: string): AsyncGenerator<NumberedLine> {
  yield* readLines(openFile(file), file)
}

function openFile(file: string): Readable {
  const bytes = createReadStream(file)
  if (!file.endsWith('.gz')) return bytes
  // The pipeline hands an error of either stream to the reader of the last one.
  return pipeline(bytes, createGunzip(), () => undefined)
}

/** The lines of a stream of bytes such as standard input; `file` is its name in messages. */
export async function* readLines(
  stream: AsyncIterable<Uint8Array | string>,
  file: string,
): AsyncGenerator<NumberedLine> {
  let rest: Buffer = Buffer.alloc(0)
  let number = 0
  for await (const chunk of bytesOf(stream, file)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    // What was left over holds no line end, so the search starts behind it.
    let start = 0
    let end = bytes.indexOf(lineEnd, rest.length)
    while (end >= 0) {
      number += 1
      const text = lineOf(bytes.subarray(start, end), { file, number })
      if (text !== '') yield { number, text }
      start = end + 1
      end = bytes.indexOf(lineEnd, start)
    }
    rest = bytes.subarray(start)
    if (rest.length > maxLineBytes + 1) throw tooLong({ file, number: number + 1 })
  }
  const text = lineOf(rest, { file, number: number + 1 })
  if (text !== '') yield { number: number + 1, text }
}

const lineEnd = 0x0a

interface Place {
  readonly file: string
  readonly number: number
}

function lineOf(line: Buffer, place: Place): string {
  const bytes = withoutMarks(line, place.number)
  if (bytes.length > maxLineBytes) throw tooLong(place)
  if (!isUtf8(bytes)) {
    throw new FatalFault(faultyInput, `${place.file}:${place.number}: the line is not UTF-8`)
  }
  const text = bytes.toString('utf8')
  return text.trim() === '' ? '' : text
}

/** Without a carriage return at the end and, on the first line, without a byte order mark. */
function withoutMarks(line: Buffer, number: number): Buffer {
  const marked = number === 1 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf
  const end = line[line.length - 1] === 0x0d ? line.length - 1 : line.length
  return line.subarray(marked ? 3 : 0, end)
}

function tooLong({ file, number }: Place): FatalFault {
  const limit = 'the line is longer than 1 MiB: one event a line, ended by a line feed'
  return new FatalFault(faultyInput, `${file}:${number}: ${limit}`)
}

async function* bytesOf(
  stream: AsyncIterable<Uint8Array | string>,
  file: string,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as Uint8Array)
    }
  } catch (error) {
    throw inputFault(error as NodeJS.ErrnoException, file)
  }
}

function inputFault(error: NodeJS.ErrnoException, file: string): Error {
  if (error.code === 'ENOENT') {
    return new FatalFault(notFound, `${file}: there is no such file`, { cause: error })
  }
  if (error.code === 'EISDIR') {
    return new FatalFault(faultyInput, `${file}: is a folder, not a file`, { cause: error })
  }
  if (error.code?.startsWith('Z_') === true) {
    const message = `${file}: is no sound gzip file (${error.message})`
    return new FatalFault(faultyInput, message, { cause: error })
  }
  return new FatalFault(1, `${file}: ${error.message}`, { cause: error })
}
