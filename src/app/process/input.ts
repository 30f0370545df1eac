import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createEventReader, type EventReader } from '../../adapters/json-lines/event-reader.ts'
import { type NumberedLine, readFileLines } from '../../adapters/json-lines/read-lines.ts'
import type { Event } from '../../fold/events.ts'
import { FatalFault } from '../../ports/faults.ts'
import { schemasFolder } from '../compose.ts'
import { type DocumentFault, faultOfDocument } from './check-document.ts'

/** Files of events, read as often as needed: first to check them all, then to append them. */
export interface Input {
  /** The sound lines in order. Throws at the first faulty one, unless those are collected. */
  events(): AsyncGenerator<InputEvent>
  /** Removes what was spooled. */
  close(): void
}

export interface InputEvent {
  readonly event: Event
  /** The line as it stands in the file, for the running hash. */
  readonly text: string
}

export interface InputOptions {
  /** Paths in order; `-` is standard input. */
  readonly files: readonly string[]
  /** For days in events. */
  readonly zone: string | undefined
  /** Told of every faulty line instead of stopping at it. */
  readonly onInvalid?: ((line: NumberedLine, message: string) => void) | undefined
}

const faulty = 4

/** Opens the input; standard input is spooled to a file, since it can be read only once. */
export async function openInput(options: InputOptions): Promise<Input> {
  const reader = createEventReader({ schemasFolder, zone: options.zone })
  const spool = options.files.includes('-') ? await spoolStandardInput() : undefined
  let told = false
  return {
    async *events() {
      // Faulty lines are told of in the first pass only.
      const onInvalid = told ? () => undefined : options.onInvalid
      for (const file of options.files) {
        const path = file === '-' && spool !== undefined ? spool.path : file
        yield* eventsOf(reader, { path, name: file === '-' ? '(standard input)' : file, onInvalid })
      }
      told = true
    },
    close() {
      if (spool !== undefined) rmSync(spool.folder, { recursive: true, force: true })
    },
  }
}

interface Source {
  readonly path: string
  readonly name: string
  readonly onInvalid: InputOptions['onInvalid']
}

async function* eventsOf(
  reader: EventReader,
  { path, name, onInvalid }: Source,
): AsyncGenerator<InputEvent> {
  for await (const line of readFileLines(path)) {
    const read = reader.read(line.text)
    const fault = read.ok ? faultOfDocument(read.event) : read
    if (read.ok && fault === undefined) {
      yield { event: read.event, text: line.text }
      continue
    }
    const { field, message: why } = fault as DocumentFault
    const message = `${name}:${line.number}: ${field}: ${why}`
    if (onInvalid === undefined) throw new FatalFault(exitCodeOf(why), message)
    onInvalid(line, message)
  }
}

/** What is not built is wrong usage; everything else is a faulty input. */
function exitCodeOf(message: string): number {
  return message.endsWith('is not available in this version') ? 2 : faulty
}

async function spoolStandardInput(): Promise<{ folder: string; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'settle-input-'))
  const path = join(folder, 'events.jsonl')
  await pipeline(process.stdin, createWriteStream(path))
  return { folder, path }
}
