/** workerd, the runtime of Cloudflare Workers, with Node's modules and without. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundlePortably } from './portable-bundle.ts'
import type { PortableOutcome } from './portable-run.ts'
import { programOf, run, versionOf } from './runtime.ts'
import type { Runtime, Verdict } from './runtime.ts'
import { verdictOf } from './verdict-of.ts'

const SYSTEMS = ['linux-64', 'linux-arm64', 'darwin-64', 'darwin-arm64']
const PROGRAM = programOf(
  SYSTEMS.map((name) => `@cloudflare/workerd-${name}/bin/workerd`),
  'workerd',
)
/** Workers say which day's behaviour they want: one with `process` under `nodejs_compat`. */
const COMPATIBLE_WITH = '2026-01-01'
const MARK = 'outcome: '
/** What `workerd test` calls. */
const TEST = `
export default { test: async () => console.log(${JSON.stringify(MARK)} + JSON.stringify(await run())) }
`

function configWith(flags: readonly string[]): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = ( services = [ ( name = "main", worker = .vectors ) ] );
const vectors :Workerd.Worker = (
  modules = [ ( name = "vectors.js", esModule = embed "vectors.js" ) ],
  compatibilityDate = "${COMPATIBLE_WITH}",
  compatibilityFlags = ${JSON.stringify(flags)},
);
`
}

async function runWith(flags: readonly string[]): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-workerd-'))
  try {
    writeFileSync(join(folder, 'vectors.js'), await bundlePortably(TEST))
    writeFileSync(join(folder, 'config.capnp'), configWith(flags))
    const { status, text } = await run(PROGRAM, ['test', join(folder, 'config.capnp')])
    const line = text.split('\n').find((candidate) => candidate.includes(MARK))
    if (status !== 0 || line === undefined) {
      return { isRight: false, summary: 'it did not end well', details: text.split('\n') }
    }
    const outcome = JSON.parse(line.slice(line.indexOf(MARK) + MARK.length)) as PortableOutcome
    return verdictOf(outcome, flags.includes('nodejs_compat'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function workerdWith(flags: readonly string[]): Runtime {
  const name = `workerd ${flags.length === 0 ? 'without' : 'with'} nodejs_compat`
  return {
    name,
    found() {
      const version = versionOf(PROGRAM)
      return version === null ? null : `${name}, ${version}`
    },
    run: () => runWith(flags),
  }
}

export const WORKERD: readonly Runtime[] = [workerdWith(['nodejs_compat']), workerdWith([])]
