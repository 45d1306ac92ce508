/** For the audit log: what a command does has no caller and comes from no address. */
export const byOperator = { by: 'command line' } as const
