/** The proxies as docs/proxies.md shows them: the very text of its snippets, with the test's ports, names and folders put in. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProxyPorts } from './proxy-process.ts'

const MANUAL = new URL('../../docs/proxies.md', import.meta.url)

/** The fenced block of one language; where there are several, the one counted from 0. */
export async function readSnippet(language: string, index = 0): Promise<string> {
  const manual = await readFile(MANUAL, 'utf8')
  const blocks = manual.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))
  const block = [...blocks][index]?.[1]
  if (block === undefined)
    throw new Error(`The manual shows no configuration ${language} ${index}.`)
  return block
}

/** What the configuration says that Hallpass must be told. */
export function readTrustedProxies(snippet: string): string[] {
  const value = /^# HALLPASS_TRUSTED_PROXIES=(\S+)$/m.exec(snippet)?.[1]
  if (value === undefined) throw new Error('The configuration does not say which proxy to trust.')
  return value.split(',')
}

/** Replaces what must be there. */
function put(snippet: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The manual's configuration has no ${from}`)
    return text.replaceAll(from, to)
  }, snippet)
}

/** Resolves to the arguments of nginx. `change` makes a configuration that the manual does not recommend. */
export async function prepareNginx(
  folder: string,
  { port, backendPort }: ProxyPorts,
  change: (snippet: string) => string,
): Promise<string[]> {
  const snippet = put(change(await readSnippet('nginx')), [
    ['listen 80;', `listen 127.0.0.1:${port};`],
    ['server_name files.example.com;', 'server_name 127.0.0.1;'],
    ['127.0.0.1:8787', `127.0.0.1:${backendPort}`],
    ['/var/log/nginx', folder],
  ])
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n')
  const config = `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr crit;
events {}
http {
${temporary}
${snippet}
}
`
  const file = join(folder, 'nginx.conf')
  await writeFile(file, config)
  return ['-c', file, '-p', folder, '-e', 'stderr']
}

/** Resolves to the arguments of haproxy. */
export async function prepareHaproxy(
  folder: string,
  { port, backendPort }: ProxyPorts,
): Promise<string[]> {
  const config = put(await readSnippet('haproxy'), [
    ['bind :80 ', `bind 127.0.0.1:${port} `],
    ['127.0.0.1:8787', `127.0.0.1:${backendPort}`],
  ])
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, config)
  return ['-db', '-f', file]
}

/** Resolves to the arguments of caddy. */
export async function prepareCaddy(
  folder: string,
  { port, backendPort }: ProxyPorts,
): Promise<string[]> {
  const config = put(await readSnippet('caddyfile'), [
    // Under any name, as the others: Hallpass says which hosts it serves.
    ['http://files.example.com', `http://:${port}`],
    ['127.0.0.1:8787', `127.0.0.1:${backendPort}`],
    ['/var/log/caddy', folder],
    // Its administration would listen on a port that all share.
    ['    log default {', '    admin off\n    default_bind 127.0.0.1\n    log default {'],
  ])
  const file = join(folder, 'Caddyfile')
  await writeFile(file, config)
  return ['run', '--adapter', 'caddyfile', '--config', file]
}

const APACHE_MODULES = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'headers', 'setenvif']

/** Resolves to the arguments of apache2. */
export async function prepareApache(
  folder: string,
  { port, backendPort }: ProxyPorts,
): Promise<string[]> {
  const snippet = put(await readSnippet('apache'), [
    ['<VirtualHost *:80>', `<VirtualHost 127.0.0.1:${port}>`],
    ['files.example.com', '127.0.0.1'],
    ['127.0.0.1:8787', `127.0.0.1:${backendPort}`],
    ['/var/log/apache2', folder],
  ])
  const modules = APACHE_MODULES.map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  )
  // Started by root it wants somebody else to work as.
  const user = process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''
  const config = `
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
${user}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
ErrorLog ${folder}/main-error.log
${modules.join('\n')}
${snippet}
`
  const file = join(folder, 'apache.conf')
  await writeFile(file, config)
  return ['-D', 'FOREGROUND', '-f', file]
}

/** Resolves to the arguments of traefik. */
export async function prepareTraefik(
  folder: string,
  { port, backendPort }: ProxyPorts,
): Promise<string[]> {
  const routes = join(folder, 'hallpass.yml')
  const file = join(folder, 'traefik.yml')
  const config = put(await readSnippet('yaml'), [
    ["':80'", `'127.0.0.1:${port}'`],
    ['/etc/traefik/hallpass.yml', routes],
  ])
  await writeFile(file, config)
  const dynamic = put(await readSnippet('yaml', 1), [
    ['127.0.0.1:8787', `127.0.0.1:${backendPort}`],
  ])
  await writeFile(routes, dynamic)
  return [`--configFile=${file}`]
}
