/** The id of the first object of the type whose field has the value. */
export type Find = (type: string, field: string, value: string | number) => Promise<number | undefined>
