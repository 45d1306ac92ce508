/** Words of ours in a JSON Schema: who may read or write the property, as a rule. Left out of whatever a caller is told. */
export const ruleWords = { read: 'x-postern-read', write: 'x-postern-write' } as const
