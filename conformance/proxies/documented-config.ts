/** The proxies as docs/configuration.md shows them: the very text of its snippets, with the test's ports and name put in. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProxyPorts } from './proxy-process.ts'

const MANUAL = new URL('../../docs/configuration.md', import.meta.url)

/** The fenced block of one language. */
export async function readSnippet(language: string): Promise<string> {
  const manual = await readFile(MANUAL, 'utf8')
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(manual)?.[1]
  if (block === undefined) throw new Error(`The manual shows no configuration of ${language}.`)
  return block
}

/** Resolves to the arguments of nginx. `change` makes a configuration that the manual does not recommend. */
export async function prepareNginx(
  folder: string,
  { port, backendPort }: ProxyPorts,
  change: (snippet: string) => string,
): Promise<string[]> {
  const snippet = change(await readSnippet('nginx'))
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('server_name files.example.com;', 'server_name 127.0.0.1;')
    .replaceAll('127.0.0.1:8787', `127.0.0.1:${backendPort}`)
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
access_log off;
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
  const config = (await readSnippet('haproxy'))
    .replace('bind :80\n', `bind 127.0.0.1:${port}\n`)
    .replace('127.0.0.1:8787', `127.0.0.1:${backendPort}`)
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, config)
  return ['-db', '-f', file]
}
