/** The front door of `postern/client`. */
export { ApiError } from './api-error.ts'
export { createClient, type Answer, type Client, type ClientOptions, type Item } from './create-client.ts'
export type { Options } from './request.ts'
export { memoryStore, type Session, type SessionStore } from './session.ts'
