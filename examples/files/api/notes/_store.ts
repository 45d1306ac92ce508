/** A name that begins with `_` is no endpoint: here is what several of them share. */
export const notes: { id: number; text: string }[] = []
