/** Headers that never reach a handler, a log or a trace. */
export function credentialHeaders(tokenHeader: string): readonly string[] {
  return ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', tokenHeader]
}
