/**
 * `hallpass sign` for object stores with schemes of their own beside S3: Alibaba OSS and Tencent COS.
 *
 * @module
 */
import type { Command } from 'commander'
import { presignCos } from '@hallpass/signing/cos'
import type { CosRequest } from '@hallpass/signing/cos'
import { presignOss } from '@hallpass/signing/oss'
import type { OssRequest } from '@hallpass/signing/oss'
import { compact } from '../compact.ts'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { requireSecret } from '../keys/secret.ts'
import type { NamedValue } from '../option-values.ts'
import { collectParameter, parseMethod } from '../option-values.ts'
import type { TypedNames } from '../typed-names.ts'
import type { CommonOptions } from './common.ts'
import { lifeOf, printSigned, signerCommand } from './common.ts'
import { splitTarget } from './target.ts'

interface StoreOptions extends CommonOptions {
  readonly endpoint: string
  readonly keyId: string
  readonly keyFile?: string
  readonly contentType?: string
  readonly query?: readonly NamedValue[]
}

const NAMES: TypedNames = {
  endpoint: '--endpoint',
  bucket: 'the bucket',
  key: 'the key of the object',
  accessKeySecret: 'the secret',
  secretKey: 'the secret',
}

function storeSigner(name: string, summary: string, target: string, endpoint: string): Command {
  return signerCommand(name, summary)
    .argument(
      '<method>',
      'the one method the URL works with: get, put, head, post, delete',
      parseMethod,
    )
    .argument('<target>', target)
    .requiredOption('--endpoint <url>', endpoint)
    .requiredOption('--key-id <id>', 'the id of the key pair')
    .option('--key-file <file>', 'its secret; HALLPASS_SECRET by default')
    .option('--content-type <type>', 'bind an upload to this type')
    .option('-q, --query <parameter>', 'sign this parameter too', collectParameter)
}

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const

function methodOf(text: string): OssRequest['method'] {
  const method = METHODS.find((name) => name === text)
  if (method === undefined) throw new CliError('the method must be get, head, put, post or delete.')
  return method
}

function queryOf({ query }: StoreOptions): Readonly<Record<string, string>> | undefined {
  return query === undefined ? undefined : Object.fromEntries(query)
}

function createOssSigner(io: CliIo): Command {
  return storeSigner(
    'oss',
    'an Alibaba OSS signed URL, version 1',
    'BUCKET/KEY; the key as it is, not percent-encoded',
    'of the region: https://oss-cn-hangzhou.aliyuncs.com',
  ).action(async (method: string, target: string, options: StoreOptions) => {
    const { bucket, name: key } = splitTarget(target, { bucket: 'BUCKET', name: 'KEY' })
    const accessKeySecret = await requireSecret(io, options.keyFile)
    const own = compact({ contentType: options.contentType, query: queryOf(options) })
    const request = {
      ...lifeOf(io, options),
      method: methodOf(method),
      bucket,
      key,
      endpoint: options.endpoint,
      credentials: { accessKeyId: options.keyId, accessKeySecret },
      ...own,
    }
    await printSigned(io, () => presignOss(request), options, NAMES)
  })
}

function createCosSigner(io: CliIo): Command {
  return storeSigner(
    'cos',
    'a Tencent COS signed URL',
    'the key of the object as it is, not percent-encoded',
    'of the bucket: https://name-1250000000.cos.ap-beijing.myqcloud.com',
  ).action(async (method: string, key: string, options: StoreOptions) => {
    const { contentType, endpoint, keyId: secretId } = options
    const secretKey = await requireSecret(io, options.keyFile)
    const headers: CosRequest['headers'] =
      contentType === undefined ? undefined : { 'content-type': contentType }
    const own = compact({ headers, query: queryOf(options) })
    const credentials = { secretId, secretKey }
    const request = {
      ...lifeOf(io, options),
      method: methodOf(method),
      key,
      endpoint,
      credentials,
      ...own,
    }
    await printSigned(io, () => presignCos(request), options, NAMES)
  })
}

/** One command a store. */
export function createStoreSigners(io: CliIo): Command[] {
  return [createOssSigner(io), createCosSigner(io)]
}
