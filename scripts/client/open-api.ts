/** The OpenAPI document, asked of a server that is started for it, and as much of its shape as the client is made of. */
import { spawnSync } from 'node:child_process'
import process from 'node:process'

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

export interface Described {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly description?: string
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** In a process of its own, so that the sources are found whatever conditions this one runs under. */
const PROGRAM = `
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '@hallpass/server'
const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-openapi-'))
const server = await startServer({ dataDir, port: 0, logLevel: 'silent' })
try {
  console.log(await (await fetch(server.url + '/v1/openapi.json')).text())
} finally {
  await server.close()
  rmSync(dataDir, { recursive: true, force: true })
}
`

export async function readOpenApi(): Promise<OpenApi> {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--conditions=@hallpass/source', '--input-type=module', '--eval', PROGRAM],
    { encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  if (status !== 0) throw new Error('The server that was to give the document did not start.')
  return JSON.parse(stdout) as OpenApi
}
