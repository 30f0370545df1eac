/** The candidate that a mistyped word most likely meant; undefined when none is near. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  // At least one letter must have been right, so a single one is near nothing.
  const limit = Math.min(Math.max(1, Math.floor(word.length / 3)), word.length - 1)
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    // A long word can only be near one of about its length, so the matrix stays small.
    if (Math.abs(candidate.length - word.length) > limit) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Fewest single-letter insertions, deletions, replacements and swaps of neighbours. */
function editDistance(from: string, to: string): number {
  const first = Array.from({ length: to.length + 1 }, (_, index) => index)
  const rows = [first]
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = at(rows, i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1)
      const shifted = Math.min(at(rows, i - 1, j), row[j - 1] ?? 0) + 1
      const swaps = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] && i > 1 && j > 1
      const swapped = swaps ? at(rows, i - 2, j - 2) + 1 : replaced
      row.push(Math.min(replaced, shifted, swapped))
    }
    rows.push(row)
  }
  return at(rows, from.length, to.length)
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0
}
