/** What the package.json files say: one version, one repository, links that lead somewhere from npm's pages too. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGES } from '../pack/make-tarballs.ts'
import type { PackageFolder } from '../pack/make-tarballs.ts'
import type { Outcome, Project } from './project.ts'

interface OwnManifest {
  readonly version: string
  readonly homepage: string
  readonly bugs: { readonly url: string }
  readonly repository: { readonly url: string; readonly directory?: string }
  readonly keywords: readonly string[]
  readonly engines: { readonly node: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

function readManifest(folder: string): OwnManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as OwnManifest
}

/** The version all packages share. */
export function readOwnVersion(): string {
  return readManifest('.').version
}

/** `>=22.18`: the Node that a package asks for. */
export function readEngine(name: PackageFolder): string {
  return readManifest(join('packages', name)).engines.node
}

export function checkManifests(project: Project): Outcome[] {
  const { bugs, repository, version } = readManifest('.')
  const address = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')
  return PACKAGES.map((name) => {
    const folder = project.installed(name)
    const manifest = readManifest(folder)
    const problems = [
      ...(manifest.version === version ? [] : [`the version is ${manifest.version}`]),
      ...wrongSiblings(manifest, version),
      ...(manifest.repository.url === repository.url ? [] : ['repository is not the root’s']),
      ...(manifest.repository.directory === `packages/${name}` ? [] : ['directory is wrong']),
      ...(manifest.bugs.url === bugs.url ? [] : ['bugs is not the root’s']),
      ...(manifest.homepage === homepageOf(name, address) ? [] : ['homepage is not its folder']),
      ...(manifest.keywords.length > 0 ? [] : ['there are no keywords']),
      ...deadLinks(readFileSync(join(folder, 'README.md'), 'utf8'), address),
    ]
    return { name: `manifest and links of ${name}`, problem: problems.join('\n') || null }
  })
}

function homepageOf(name: PackageFolder, address: string): string {
  return `${address}/tree/main/packages/${name}#readme`
}

/** The packages depend on one another at exactly their own version. */
function wrongSiblings({ dependencies, peerDependencies }: OwnManifest, version: string): string[] {
  return Object.entries({ ...dependencies, ...peerDependencies })
    .filter(([name, range]) => name.startsWith('@hallpass/') && range !== version)
    .map(([name, range]) => `${name} is asked for at ${range}`)
}

/** Links that npm cannot follow, because they are relative, and links to files of the repository that are not there. */
function deadLinks(readme: string, address: string): string[] {
  const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.flatMap((target) => {
    if (!target.startsWith('https://')) return [`${target} is relative`]
    if (!target.startsWith(`${address}/`)) return []
    const [path = ''] = target
      .slice(address.length)
      .replace(/^\/(?:blob|tree)\/main\//, '')
      .split('#')
    return existsSync(path) ? [] : [`${target} leads nowhere`]
  })
}
