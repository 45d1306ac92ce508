import { z } from 'zod'
import { PosternError } from '../errors/postern-error.ts'
import { newLink, useLink } from './links.ts'
import type { OidcProvider } from './oidc-provider.ts'
import type { Room } from './room.ts'
import { sameSecret } from './secret.ts'

/** Where to send the browser, and what it has to bring back besides: proof that it is the browser that was sent. */
export interface Departure {
  readonly location: string
  readonly state: string
}

/** What the provider says of somebody, once its answer was checked. */
export interface Stranger {
  readonly issuer: string
  readonly subject: string
  /** Only where the provider vouches for it. */
  readonly email: string | undefined
  readonly name: string | undefined
  readonly returnTo: string
}

/** The library takes 18 ms to load, which only sites with a provider need wait for. */
async function client() {
  return import('openid-client')
}

/** `returnTo` is a path of this site and nothing else: see `ownPath`. */
export async function depart(
  room: Room,
  asked: { readonly provider: string; readonly base: string; readonly returnTo: string },
): Promise<Departure> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier } = await client()
  const provider = requireProvider(room, asked.provider)
  const verifier = randomPKCECodeVerifier()
  const nonce = randomNonce()
  const state = await newLink(room, 'oidc', {
    data: { provider: asked.provider, verifier, nonce, returnTo: asked.returnTo },
  })
  const location = buildAuthorizationUrl(await configurationOf(provider), {
    redirect_uri: redirectUri(room, asked),
    scope: `openid ${provider.scope ?? 'email profile'}`,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
  })
  return { location: location.href, state }
}

interface Arrival {
  readonly provider: string
  readonly base: string
  readonly query: Readonly<Record<string, unknown>>
  /** What the browser kept since its departure. */
  readonly state: string | undefined
}

/** BAD_LINK for a journey that did not begin here, or did already end; BAD_LOGIN where the provider does not vouch. */
export async function arrive(room: Room, arrival: Arrival): Promise<Stranger> {
  const { state } = arrival.query
  if (typeof state !== 'string' || arrival.state === undefined || !sameSecret(state, arrival.state)) {
    throw new PosternError('BAD_LINK', 'This sign-in did not begin in this browser.')
  }
  const journey = journeyData.parse(await useLink(room, { purpose: 'oidc', secret: state }, async ({ data }) => data))
  if (journey.provider !== arrival.provider) throw new PosternError('BAD_LINK', 'This sign-in began elsewhere.')
  const claims = claimsRow.safeParse(await claimsOf(room, arrival, journey))
  if (!claims.success) throw refusal(claims.error)
  const { iss: issuer, sub: subject, email, email_verified: isVerified, name, preferred_username: nick } = claims.data
  return {
    issuer,
    subject,
    email: isVerified === true ? email : undefined,
    name: nick ?? name,
    returnTo: journey.returnTo,
  }
}

/** A path of this site, or `/`: never another host, whatever slashes, back slashes and control characters promise. */
export function ownPath(text: unknown): string {
  if (typeof text !== 'string' || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return '/'
  const url = new URL(text, 'https://own.invalid')
  const isOwn = url.origin === 'https://own.invalid' && !url.pathname.startsWith('//')
  return isOwn ? url.pathname + url.search + url.hash : '/'
}

const journeyData = z.object({ provider: z.string(), verifier: z.string(), nonce: z.string(), returnTo: z.string() })

const claimsRow = z.object({
  iss: z.string().min(1),
  sub: z.string().min(1).max(255),
  email: z.email().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
})

async function claimsOf(room: Room, arrival: Arrival, journey: z.output<typeof journeyData>): Promise<unknown> {
  const { authorizationCodeGrant } = await client()
  const url = new URL(redirectUri(room, arrival))
  for (const [name, value] of Object.entries(arrival.query)) url.searchParams.set(name, String(value))
  try {
    const configuration = await configurationOf(requireProvider(room, arrival.provider))
    const checks = {
      pkceCodeVerifier: journey.verifier,
      expectedNonce: journey.nonce,
      expectedState: String(arrival.query['state']),
    }
    return (await authorizationCodeGrant(configuration, url, checks)).claims()
  } catch (cause) {
    throw cause instanceof PosternError ? cause : refusal(cause)
  }
}

function requireProvider(room: Room, name: string): OidcProvider {
  const provider = room.settings.oidc.get(name)
  if (provider === undefined) throw new PosternError('NOT_FOUND', 'There is no endpoint at this path.')
  return provider
}

function redirectUri(room: Room, asked: { readonly provider: string; readonly base: string }): string {
  const { publicUrl, apiBase } = room.settings
  return `${(publicUrl ?? asked.base).replace(/\/$/, '')}${apiBase}/auth/oidc/${asked.provider}/callback`
}

/** Read once for each provider; a failed try is forgotten, so that a provider may be away for a while. */
async function configurationOf(provider: OidcProvider) {
  const kept = configurations.get(provider)
  if (kept !== undefined) return kept
  const { discovery, allowInsecureRequests } = await client()
  const execute = provider.allowHttp === true ? { execute: [allowInsecureRequests] } : undefined
  const reading = discovery(
    new URL(provider.issuer),
    provider.clientId,
    provider.clientSecret,
    undefined,
    execute,
  ).catch((cause: unknown) => {
    configurations.delete(provider)
    throw new PosternError('UNAVAILABLE', 'The provider cannot be reached.', {
      headers: { 'retry-after': '10' },
      cause,
    })
  })
  configurations.set(provider, reading)
  return reading
}

const configurations = new WeakMap<OidcProvider, ReturnType<(typeof import('openid-client'))['discovery']>>()

function refusal(cause: unknown): PosternError {
  return new PosternError('BAD_LOGIN', 'The sign-in elsewhere did not succeed.', { cause })
}
