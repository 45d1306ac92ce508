/**
 * Four letters with which the words of a type begin in the index of words. They come of the name alone, so that every node
 * and every thread knows them; two types may share them, which costs only time.
 */
export function markOf(name: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  const places = [0, 8, 16, 24].map((bits) => ((hash >>> bits) & 0xff) % 26)
  return String.fromCharCode(...places.map((place) => 0x61 + place))
}
