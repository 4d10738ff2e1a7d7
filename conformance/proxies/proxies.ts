/** Each proxy with the configuration its tests want; `null` where the machine has not got it. */
import {
  prepareApache,
  prepareCaddy,
  prepareHaproxy,
  prepareNginx,
  prepareTraefik,
} from './documented-config.ts'
import { findProgram, startProxy } from './proxy-process.ts'
import type { ProxyPorts, StartProxy } from './proxy-process.ts'

/** As the manual shows it. */
export const startNginx: StartProxy | null = startNginxWith((snippet) => snippet)

/** With `proxy_pass http://hallpass/;`: one character more, and nginx rewrites every path. */
export const startRewritingNginx: StartProxy | null = startNginxWith((snippet) =>
  snippet.replace('proxy_pass http://hallpass;', 'proxy_pass http://hallpass/;'),
)

/** With a cache that has nginx's own defaults for all it can. */
export const startCachingNginx: StartProxy | null = startNginxWith((snippet, folder) =>
  `proxy_cache_path ${folder}/cache keys_zone=files:1m;\n${snippet}`
    .replace('proxy_buffering off;', 'proxy_buffering on;')
    .replace('proxy_pass ', 'proxy_cache files; proxy_pass '),
)

/** As the manual shows it. */
export const startHaproxy: StartProxy | null = startWith('haproxy', prepareHaproxy)

/** As the manual shows it. */
const startCaddy: StartProxy | null = startWith('caddy', prepareCaddy)

/** As the manual shows it. */
const startApache: StartProxy | null = startWith('apache2', prepareApache)

/** As the manual shows it. */
const startTraefik: StartProxy | null = startWith('traefik', prepareTraefik)

/** Every configuration of the manual, and the language of its snippet. */
export const DOCUMENTED_PROXIES: Readonly<
  Record<string, { readonly start: StartProxy | null; readonly language: string }>
> = {
  nginx: { start: startNginx, language: 'nginx' },
  haproxy: { start: startHaproxy, language: 'haproxy' },
  caddy: { start: startCaddy, language: 'caddyfile' },
  apache: { start: startApache, language: 'apache' },
  traefik: { start: startTraefik, language: 'yaml' },
}

/** With nothing but addresses: its built-in VCL decides. */
export const startVarnish: StartProxy | null = startWith(
  'varnishd',
  (folder, { port, backendPort }) =>
    Promise.resolve([
      '-F',
      `-n${folder}`,
      '-jnone',
      '-smalloc,16m',
      `-a127.0.0.1:${port}`,
      `-b127.0.0.1:${backendPort}`,
    ]),
)

function startNginxWith(change: (snippet: string, folder: string) => string): StartProxy | null {
  return startWith('nginx', (folder, ports) =>
    prepareNginx(folder, ports, (snippet) => change(snippet, folder)),
  )
}

function startWith(
  name: string,
  prepare: (folder: string, ports: ProxyPorts) => Promise<readonly string[]>,
): StartProxy | null {
  const program = findProgram(name)
  if (program === null) return null
  return (ports) => startProxy({ program, prepare: (folder) => prepare(folder, ports) }, ports.port)
}
