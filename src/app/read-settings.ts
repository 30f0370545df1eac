/** What the environment says; nothing else of the program reads it. */
export interface Environment {
  /** Where a crash test ends the process. */
  readonly failpoint: string | undefined
  /** Whether people watch: a terminal, and nobody asked for quiet. */
  readonly isWatched: boolean
}

export function readEnvironment(): Environment {
  const { env, stderr } = process
  const quiet = env['CI'] !== undefined || env['TERM'] === 'dumb' || env['NO_COLOR'] !== undefined
  return { failpoint: env['SETTLE_FAILPOINT'], isWatched: stderr.isTTY === true && !quiet }
}
