/** `; did you mean "x"?` for the candidate nearest to a misspelt word; empty when none is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  // Longer than any name of ours: no need to measure.
  if (word.length > 64) return ''
  let nearest = ''
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      nearest = candidate
      least = distance
    }
  }
  return nearest === '' ? '' : `; did you mean "${nearest}"?`
}

/** Insertions, deletions and replacements of one character (Levenshtein). */
function editDistance(first: string, second: string): number {
  let row = Array.from({ length: second.length + 1 }, (_, place) => place)
  for (let i = 1; i <= first.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= second.length; j += 1) {
      const replaced = (row[j - 1] as number) + (first[i - 1] === second[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[second.length] as number
}
