/** Somebody who signs the tokens of end users, and publishes keys over HTTP as issuers do. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import type { CryptoKey, JWK } from 'jose'

export const ISSUER = 'https://auth.test/'
export const AUDIENCE = 'https://files.test'

export interface Issuer {
  readonly keysUrl: string
  /** How often the keys were read. */
  fetches(): number
  /** What is answered from now on: the keys, or something else. */
  answerWith(answer: IssuerAnswer): void
  /** Publishes another key and signs with it from now on; those before are taken away. */
  rotate(): Promise<void>
  /** A token of `sub`, good for five minutes from `nowMs`, unless the claims say otherwise; a claim that is `undefined` is left out. */
  sign(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>
  publicKey(): JWK
}

export type IssuerAnswer = 'keys' | { readonly status: number; readonly body: string }

/** `now` in milliseconds. */
export async function startIssuer(t: TestContext, now: () => number): Promise<Issuer> {
  let count = 0
  let answer: IssuerAnswer = 'keys'
  let current = await makeKey(1)
  const server = createServer((_request, response) => {
    count += 1
    const { status, body } =
      answer === 'keys' ? { status: 200, body: JSON.stringify({ keys: [current.jwk] }) } : answer
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    keysUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`,
    fetches: () => count,
    answerWith: (next) => {
      answer = next
    },
    rotate: async () => {
      current = await makeKey(Number(current.jwk.kid) + 1)
    },
    sign: (claims, header = {}) => {
      const iat = Math.floor(now() / 1000)
      const payload = { iss: ISSUER, aud: AUDIENCE, iat, exp: iat + 300, ...claims }
      const protectedHeader = { alg: 'ES256', kid: current.jwk.kid ?? '', ...header }
      return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(current.privateKey)
    },
    publicKey: () => current.jwk,
  }
}

async function makeKey(
  number: number,
): Promise<{ readonly privateKey: CryptoKey; readonly jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: String(number), alg: 'ES256' } }
}
