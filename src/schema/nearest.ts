/** The name most like the one asked for, or `undefined` where nothing is near enough to be a slip of the finger. */
export function nearest(asked: string, names: readonly string[]): string | undefined {
  if (asked === '') return undefined
  const limit = Math.max(1, Math.floor(asked.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const name of names) {
    if (Math.abs(name.length - asked.length) > limit) continue
    const distance = editDistance(asked.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [name, distance]
  }
  return best
}

/** Letters added, lost or changed; two neighbours in the wrong order are one slip, not two. */
function editDistance(from: string, to: string): number {
  let before: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const change = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const best = Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(swapped ? Math.min(best, (before[column - 2] ?? best) + 1) : best)
    }
    before = previous
    previous = current
  }
  return previous[to.length] ?? 0
}
