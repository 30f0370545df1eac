import { createWriteStream, renameSync, rmSync, statSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { FatalFault } from '../../ports/faults.ts'

/** Where lines go: a stream that stays open, or a file (`.gz` compresses). */
export type LineTarget = { readonly stream: Writable } | { readonly file: string }

/** Characters gathered before they are handed on: one system call for some hundred lines. */
const chunkLength = 1 << 16

/**
 * Writes each line with its newline and waits wherever the target is slower than the source; false
 * if a reader closed its end of the pipe, which ends the writing quietly. A file appears under its
 * name only when it is whole. Throws FatalFault when the target cannot be written.
 */
export async function writeLines(
  lines: Iterable<string> | AsyncIterable<string>,
  target: LineTarget,
): Promise<boolean> {
  if ('file' in target) return await writeFile(lines, target.file)
  try {
    return await new Output(target.stream).writeAll(lines)
  } catch (error) {
    throw classify(error, 'the output')
  }
}

async function writeFile(
  lines: Iterable<string> | AsyncIterable<string>,
  path: string,
): Promise<boolean> {
  // A device or a pipe is written as it is; only a regular file can be replaced as a whole.
  const existing = statSync(path, { throwIfNoEntry: false })
  const partial = existing === undefined || existing.isFile() ? `${path}.partial` : path
  const file = createWriteStream(partial)
  const head = path.endsWith('.gz') ? createGzip({ level: 6 }) : file
  if (head !== file) head.pipe(file)
  try {
    const whole = await new Output(head, file).writeAll(lines)
    head.end()
    await finished(file)
    if (partial !== path) renameSync(partial, path)
    return whole
  } catch (error) {
    file.destroy()
    if (partial !== path) rmSync(partial, { force: true })
    throw classify(error, path)
  }
}

/** Gathers lines into chunks and follows the stream's backpressure. */
class Output {
  readonly #stream: Writable
  #failure: NodeJS.ErrnoException | undefined
  #chunk = ''

  constructor(stream: Writable, last: Writable = stream) {
    this.#stream = stream
    for (const each of new Set([stream, last])) {
      each.on('error', (error: NodeJS.ErrnoException) => {
        this.#failure ??= error
        // Whoever waits for room must hear of it.
        if (each !== this.#stream) this.#stream.destroy()
      })
    }
  }

  async writeAll(lines: Iterable<string> | AsyncIterable<string>): Promise<boolean> {
    for await (const line of lines) {
      this.#chunk += `${line}\n`
      if (this.#chunk.length < chunkLength) continue
      await this.#flush()
      if (this.#closed()) return false
    }
    await this.#flush()
    return !this.#closed()
  }

  async #flush(): Promise<void> {
    const chunk = this.#chunk
    this.#chunk = ''
    if (chunk === '' || this.#failure !== undefined) return
    // The callback comes when the chunk is with the system, or has failed: both let the loop go on.
    await new Promise<void>((resolve) => {
      this.#stream.write(chunk, (error) => {
        if (error) this.#failure ??= error
        resolve()
      })
    })
  }

  #closed(): boolean {
    if (this.#failure === undefined) return false
    if (this.#failure.code === 'EPIPE') return true
    throw this.#failure
  }
}

function classify(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT')
    return new FatalFault(6, `${path}: its folder does not exist`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM') {
    return new FatalFault(7, `${path}: may not be written`, { cause: error })
  }
  if (code === 'EISDIR') return new FatalFault(2, `${path}: is a directory`, { cause: error })
  if (code === 'ENOSPC') return new FatalFault(5, `${path}: the disk is full`, { cause: error })
  return error
}
