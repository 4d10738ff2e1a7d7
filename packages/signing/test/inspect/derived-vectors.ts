/**
 * The requests of `vectors/derived` in the form `explain` takes, each with its key and its moment.
 */
import { readFileSync } from 'node:fs'
import type { ExplainKey } from '@hallpass/signing/explain'
import type { Headers, SentRequest } from './explain-corpus/case.ts'

interface DerivedVector {
  readonly now: string
  readonly clientIp?: string
  readonly server: Readonly<Record<string, string>>
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers?: Readonly<Record<string, string>> | Headers
  }
}

const FILES = ['s3-query-verify', 's3-header-verify', 'gcs-verify', 'azure-verify']

/** All of them. */
export function readDerived(): { request: SentRequest; keys: ExplainKey[]; now: Date }[] {
  return FILES.flatMap((file) => {
    const url = new URL(`../../../../vectors/derived/${file}.json`, import.meta.url)
    const { vectors } = JSON.parse(readFileSync(url, 'utf8')) as { vectors: DerivedVector[] }
    return vectors.map(toSigned)
  })
}

function toSigned({ now, clientIp, server, request }: DerivedVector) {
  const { method, url, headers = [] } = request
  const id = server['accessKeyId'] ?? server['clientEmail'] ?? server['account']
  const secret = server['secretAccessKey'] ?? server['accountKey']
  const { publicKey } = server
  const key: ExplainKey = {
    ...(id === undefined ? {} : { id }),
    ...(secret === undefined ? {} : { secret }),
    ...(publicKey === undefined ? {} : { publicKey }),
  }
  return {
    request: {
      method,
      url,
      headers: Array.isArray(headers) ? headers : Object.entries(headers),
      ...(clientIp === undefined ? {} : { clientIp }),
    },
    keys: [key],
    now: new Date(now),
  }
}
