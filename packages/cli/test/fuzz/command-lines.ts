/** Command lines of every command with every option it has, as they are typed right, nearly right and not at all. */
import { Readable, Writable } from 'node:stream'
import type { Command, Option } from 'commander'
import * as fc from 'fast-check'
import { createAlertsCommand } from '../../src/commands/alerts.ts'
import { createAuditCommand } from '../../src/commands/audit.ts'
import { createCpCommand } from '../../src/commands/cp.ts'
import { createDemoCommand } from '../../src/commands/demo.ts'
import { createDetectCommand } from '../../src/commands/detect.ts'
import { createDoctorCommand } from '../../src/commands/doctor.ts'
import { createEventsCommand } from '../../src/commands/events.ts'
import { createExplainCommand } from '../../src/commands/explain.ts'
import { createKeysCommand } from '../../src/commands/keys.ts'
import { createMasterKeyCommand } from '../../src/commands/master-key.ts'
import { createLinksCommand } from '../../src/commands/links.ts'
import { createLoginCommand } from '../../src/commands/login.ts'
import { createLogoutCommand } from '../../src/commands/logout.ts'
import { createLsCommand } from '../../src/commands/ls.ts'
import { createPolicyCommand } from '../../src/commands/policy.ts'
import { createRedactCommand } from '../../src/commands/redact.ts'
import { createRevokeCommand } from '../../src/commands/revoke.ts'
import { createServeCommand } from '../../src/commands/serve.ts'
import { createShareCommand } from '../../src/commands/share.ts'
import { createSignCommand } from '../../src/commands/sign.ts'
import { createVerifyCommand } from '../../src/commands/verify.ts'
import type { CliIo } from '../../src/io.ts'
import { url, word } from './nasty-values.ts'

const IO: CliIo = {
  stdin: Readable.from([]),
  stdout: new Writable(),
  stderr: new Writable(),
  env: {},
  cwd: '/',
  home: '/',
  now: () => new Date(0),
  exitCode: 0,
}

interface Called {
  /** `sign s3` */
  readonly words: readonly string[]
  readonly command: Command
}

const COMMANDS: readonly Called[] = [
  createSignCommand,
  createVerifyCommand,
  createExplainCommand,
  createDetectCommand,
  createRedactCommand,
  createAuditCommand,
  createKeysCommand,
  createLsCommand,
  createCpCommand,
  createShareCommand,
  createDoctorCommand,
  createRevokeCommand,
  createPolicyCommand,
  createEventsCommand,
  createAlertsCommand,
  createLoginCommand,
  createLogoutCommand,
  createLinksCommand,
  createMasterKeyCommand,
  createServeCommand,
  createDemoCommand,
].flatMap((create): Called[] => {
  const command = create(IO)
  const words = [command.name()]
  const children = command.commands.map((child) => ({
    words: [...words, child.name()],
    command: child,
  }))
  return [{ words, command }, ...children]
})

/** What each may be asked for so that it gets far. */
const GOOD: Readonly<Record<string, readonly string[]>> = {
  s3: ['get', 'bucket/a/b.pdf', '-r', 'eu-west-1'],
  gcs: ['get', 'bucket/a/b.pdf', '--key-file', 'account.json'],
  azure: ['photos/cats/tom.jpg'],
  cloudfront: ['https://d1.cloudfront.net/a', '--key-pair-id', 'K2', '--key-file', 'rsa.pem'],
  'cloud-cdn': ['https://m.example/a', '--key-name', 'k', '--key-file', 'base64url.txt'],
  'media-cdn': ['https://m.example/a', '--key-name', 'k', '--key-file', 'ed.pem'],
  akamai: ['https://m.example/a', '--key-file', 'hex.txt'],
  bunny: ['https://m.example/a', '--key-file', 'secret.txt'],
  cloudflare: ['https://m.example/a', '--key-file', 'secret.txt'],
  nginx: [
    'https://m.example/a',
    '--expression',
    '$secure_link_expires$uri $secret',
    '--key-file',
    'secret.txt',
  ],
  oss: [
    'get',
    'bucket/a/b.pdf',
    '--endpoint',
    'https://oss-cn-hangzhou.aliyuncs.com',
    '--key-id',
    'K1',
    '--key-file',
    'secret.txt',
  ],
  cos: [
    'get',
    'a/b.pdf',
    '--endpoint',
    'https://b-1.cos.ap-beijing.myqcloud.com',
    '--key-id',
    'K1',
    '--key-file',
    'secret.txt',
  ],
  laravel: ['https://m.example/a', '--key-file', 'secret.txt'],
  imgix: ['https://m.example/a', '--key-file', 'secret.txt'],
  swift: ['https://s.example/v1/AUTH_a/c/o', '--key-file', 'secret.txt'],
  cp: ['a.pdf', 'hp:acme/', '--key-file', 'secret.txt'],
  share: ['hp:acme/a.pdf', '--key-file', 'secret.txt'],
  ls: ['acme/reports', '--key-file', 'secret.txt'],
  verify: ['--keys', 'keys.json'],
  list: ['--key-file', 'secret.txt'],
  create: ['reports', '--actions', 'read', '--key-file', 'secret.txt'],
  revoke: ['some-id', '--key-file', 'secret.txt'],
}

function option({ long, short, required, optional }: Option): fc.Arbitrary<string[]> {
  const flag = fc.constantFrom(
    ...[long, short].filter((name) => name !== undefined && name !== null),
  )
  if (!required && !optional) return flag.map((name) => [name])
  return fc.tuple(flag, word).map(([name, value]) => [name, value])
}

function lineOf({ words, command }: Called): fc.Arbitrary<string[]> {
  const name = command.name()
  const options = command.options.map(option)
  const extra: fc.Arbitrary<string[]> =
    options.length === 0 ? fc.constant([]) : fc.oneof(...options)
  const typed = fc.array(extra, { maxLength: 3 }).map((list) => list.flat())
  const operands = fc.oneof(
    { weight: 3, arbitrary: fc.constant([...(GOOD[name] ?? [])]) },
    { weight: 3, arbitrary: url.map((text) => [...(GOOD[name] ?? []), text]) },
    { weight: 2, arbitrary: fc.array(word, { maxLength: 4 }) },
  )
  return fc
    .tuple(operands, typed, fc.nat(), fc.option(word, { freq: 1 }))
    .map(([first, rest, at, replaced]) => {
      const line = [...first, ...rest]
      if (replaced !== null && line.length > 0) line[at % line.length] = replaced
      return finish(words[0], [...words, ...line])
    })
}

/**
 * Nothing starts: a server over a file instead of a folder is refused, and the demo takes no arguments. Nothing is called: no
 * client of HTTP speaks to this port.
 */
function finish(name: string | undefined, line: readonly string[]): string[] {
  if (name === 'serve') return [...line, '--data-dir', 'empty', '--print-config']
  if (name === 'demo') return [...line, 'please']
  if (name === 'login') return [...line, 'http://127.0.0.1:1']
  if (REMOTE.has(name ?? '')) return [...line, '--url', 'http://127.0.0.1:1']
  return [...line]
}

const REMOTE: ReadonlySet<string> = new Set([
  'keys',
  'links',
  'master-key',
  'ls',
  'cp',
  'share',
  'doctor',
  'revoke',
  'policy',
  'events',
  'alerts',
])

/** As much of each command as of `sign`, which has a command a dialect. */
function weightOf([name, child]: readonly string[]): number {
  if (name === 'demo') return 1
  return child === undefined ? 12 : 3
}

export const commandLine: fc.Arbitrary<string[]> = fc.oneof(
  ...COMMANDS.map((called) => ({
    weight: weightOf(called.words),
    arbitrary: lineOf(called),
  })),
  { weight: 2, arbitrary: fc.array(word, { minLength: 1, maxLength: 3 }) },
)
