import { useState } from 'react'

/** State that is still there after a reload; what cannot be read is as if it were never kept. */
export function useStored<T>(storage: Storage, name: string, initial: T): [T, (value: T) => void] {
  const key = `postern.${name}`
  const [value, setValue] = useState<T>(() => {
    try {
      return (JSON.parse(storage.getItem(key) ?? 'null') as T | null) ?? initial
    } catch {
      return initial
    }
  })
  const keep = (next: T): void => {
    setValue(next)
    try {
      storage.setItem(key, JSON.stringify(next))
    } catch {
      // A full storage forgets; the page goes on.
    }
  }
  return [value, keep]
}
