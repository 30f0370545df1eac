import { createHash, type Hash } from 'node:crypto'
import type { Event } from '../../fold/events.ts'
import type { Supervisor } from '../../runtime/supervisor.ts'
import type { Settlement } from '../compose.ts'
import { chunkRecords, EventChunk } from '../event-chunk.ts'
import type { ProgressBar } from '../progress-bar.ts'
import type { Input } from './input.ts'
import { encodeMark, type Mark } from './mark.ts'
import { withBook } from './publish.ts'

// Appending in waves: a wave ends with a tick or the end of the input, and the next one is appended
// only when all that the last one caused is folded. So a tick finds every partition where it would
// find it in any other run.

/** Appends events to the log, those of nobody to every partition. */
export async function appendEvents(
  settlement: Settlement,
  events: readonly Event[],
  mark: Mark,
): Promise<void> {
  const chunk = new EventChunk(settlement)
  for (const event of events) chunk.add(event)
  await append(chunk, mark)
}

/** Appends what the log does not have of the input, wave by wave. */
export async function appendWaves(
  settlement: Settlement,
  supervisor: Supervisor,
  input: Input,
  mark: Mark,
  bar: ProgressBar,
): Promise<void> {
  const skip = await lengthOfPrefix(input, mark)
  const chunk = new EventChunk(settlement)
  const hash = createHash('sha256')
  let count = 0
  let latest = mark
  for await (const { event, text } of input.events()) {
    hash.update(text).update('\n')
    count += 1
    if (count <= skip) {
      bar.advance(1)
      continue
    }
    chunk.add(event)
    if (event.type === 'RuleBookPublished') latest = withBook(latest, event)
    const endsWave = event.type === 'Tick'
    if (!endsWave && chunk.size < chunkRecords) continue
    const { size } = chunk
    await append(chunk, { ...latest, count, sha256: digestOf(hash) })
    bar.advance(size)
    if (endsWave) await folded(settlement, supervisor)
  }
  const { size } = chunk
  if (size > 0) await append(chunk, { ...latest, count, sha256: digestOf(hash) })
  bar.advance(size)
  await folded(settlement, supervisor)
}

/** Not synced: the commit that follows is, and syncs what was written before it. */
function append(chunk: EventChunk, mark: Mark): Promise<void> {
  return chunk.append({ mark: encodeMark(mark), durable: false })
}

/** How much of the input the log has: all that the mark counts, if the input begins with that. */
async function lengthOfPrefix(input: Input, mark: Mark): Promise<number> {
  if (mark.count === 0) return 0
  const hash = createHash('sha256')
  let count = 0
  for await (const { text } of input.events()) {
    hash.update(text).update('\n')
    count += 1
    if (count === mark.count) return digestOf(hash) === mark.sha256 ? mark.count : 0
  }
  return 0
}

function digestOf(hash: Hash): string {
  return hash.copy().digest('hex')
}

/** Waits until everything in the log is folded, and all that the folds send each other by it. */
export async function folded(settlement: Settlement, supervisor: Supervisor): Promise<void> {
  let ends = await endsOf(settlement)
  for (;;) {
    await supervisor.reached(ends)
    const owes = ends.some((_, partition) => supervisor.tasks.get(partition)?.owes ?? true)
    if (owes) await supervisor.flush()
    const now = await endsOf(settlement)
    if (!owes && now.every((end, partition) => end === ends[partition])) return
    ends = now
  }
}

async function endsOf({ log }: Settlement): Promise<number[]> {
  const { events } = await log.describe()
  return events.map(({ end }) => end)
}
