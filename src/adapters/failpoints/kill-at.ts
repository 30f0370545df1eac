import { type Failpoint, type Failpoints, failpoints, noFailpoints } from '../../ports/faults.ts'

/**
 * Failpoints of a crash test: `NAME` or `NAME:N` ends the process with SIGKILL at the N-th time it
 * reaches NAME. Anything else is a RangeError.
 */
export function killAt(setting: string | undefined): Failpoints {
  if (setting === undefined || setting === '') return noFailpoints
  const { name, times } = parse(setting)
  let left = times
  return {
    reach(reached) {
      if (reached !== name) return
      left -= 1
      if (left === 0) process.kill(process.pid, 'SIGKILL')
    },
  }
}

function parse(setting: string): { name: Failpoint; times: number } {
  const match = /^([a-z]+:[a-z]+)(?::([1-9][0-9]{0,6}))?$/.exec(setting)
  const name = failpoints.find((known) => known === match?.[1])
  if (name === undefined) {
    throw new RangeError(`"${setting}" is no failpoint: write one of ${failpoints.join(', ')}`)
  }
  return { name, times: Number(match?.[2] ?? 1) }
}
