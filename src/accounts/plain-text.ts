/** Texts that people may choose freely, and that are shown to others: on a terminal they must not steer it. */
export const plainText = /^\P{Cc}*$/u
export const plainTextHint = 'No control characters'
