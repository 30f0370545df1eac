/** The wall clock: for measuring, intervals and live ticks, never for results. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}
