import { parseArgs } from 'node:util'

/** What the command line of the simulator asks for; seeds are whole numbers from 1 on. */
export interface SimulationArguments {
  readonly from: number
  readonly to: number
  readonly workers: number
  readonly faults: boolean
}

const options = {
  seeds: { type: 'string', default: '1..1000' },
  workers: { type: 'string' },
  faults: { type: 'boolean', default: false },
} as const

/** Reads `--seeds A..B`, `--workers N` and `--faults`; an Error says what is wrong with them. */
export function readArguments(args: readonly string[], cores: number): SimulationArguments {
  const { values } = parseArgs({ args: [...args], options })
  const [, from, to] = /^(\d{1,12})\.\.(\d{1,12})$/.exec(values.seeds) ?? []
  if (from === undefined || Number(from) < 1 || Number(to) < Number(from)) {
    throw new Error(`--seeds ${values.seeds}: give the first and the last seed, such as 1..50000`)
  }
  const workers = Number(values.workers ?? cores)
  if (!Number.isInteger(workers) || workers < 1) {
    throw new Error('--workers: give a whole number from 1 on')
  }
  return { from: Number(from), to: Number(to), workers, faults: values.faults }
}

/** Cuts a range into pieces of at most `size` seeds, in order. */
export function* piecesOf(from: number, to: number, size: number): Generator<[number, number]> {
  for (let first = from; first <= to; first += size) {
    yield [first, Math.min(to, first + size - 1)]
  }
}
