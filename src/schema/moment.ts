/** `2026-11-21`: a day that exists. */
export function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!found) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** ISO 8601 with date, time and offset: `2026-11-21T10:30:00+01:00`, `2026-11-21T09:30:00.123Z`. */
export function isMoment(text: string): boolean {
  const found =
    /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/.exec(
      text,
    )
  return found !== null && isDay(found[1] ?? '') && isWritable(new Date(text))
}

/** Before the year 0 and after 9999, where an offset may lead, moments are written otherwise and no longer stand in order as text. */
function isWritable(moment: Date): boolean {
  return !Number.isNaN(moment.getTime()) && /^\d/.test(moment.toISOString())
}
