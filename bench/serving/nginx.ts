/** nginx on the same files: static, behind secure_link, and taking uploads by WebDAV. One worker process. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import type { Contestant, ContestantOptions, Target } from './contestant.ts'
import { NGINX, objectName } from './operations.ts'
import type { Operation } from './operations.ts'
import { findProgram } from './programs.ts'
import { waitUntilListening } from './wait.ts'

const SECRET = 'benchmark'
const LIFE_SECONDS = 86_400

/** Two contestants, one process. */
export async function startNginx({ folder, files }: ContestantOptions): Promise<Contestant[]> {
  const program = findProgram('nginx')
  const port = await findPort()
  const config = join(folder, 'nginx.conf')
  await mkdir(join(folder, 'uploads'), { recursive: true })
  await writeFile(config, formatConfig(folder, files, port))
  const child = spawn(program, ['-c', config, '-p', folder, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  await waitUntilListening(port)
  const origin = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  // It serves the files from where they are.
  const fill = (): Promise<void> => Promise.resolve()
  return [
    { name: NGINX, s3: null, fill, stop, targetOf: (operation) => plainTarget(origin, operation) },
    {
      name: 'nginx secure_link',
      s3: null,
      fill,
      stop,
      targetOf: (operation) => secureTarget(origin, operation),
    },
  ]
}

function plainTarget(origin: string, operation: Operation): Target {
  const folder = operation.method === 'GET' ? 'files' : 'uploads'
  return { origin, paths: namesOf(operation).map((name) => `/${folder}/${name}`) }
}

function secureTarget(origin: string, operation: Operation): Target | null {
  if (operation.method !== 'GET') return null
  const expires = Math.floor(Date.now() / 1000) + LIFE_SECONDS
  const paths = namesOf(operation).map((name) => {
    const path = `/secure/${name}`
    const digest = createHash('md5').update(`${expires}${path} ${SECRET}`).digest('base64url')
    return `${path}?md5=${digest}&expires=${expires}`
  })
  return { origin, paths }
}

function namesOf(operation: Operation): string[] {
  return Array.from({ length: operation.objects }, (_, index) => objectName(operation, index))
}

function formatConfig(folder: string, files: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${folder}/${name};`)
    .join('\n')
  return `
daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  client_max_body_size 0;
${temporary}
  server {
    listen 127.0.0.1:${port};
    location /files/ { alias ${files}/; }
    location /secure/ {
      secure_link $arg_md5,$arg_expires;
      secure_link_md5 "$secure_link_expires$uri ${SECRET}";
      if ($secure_link = "") { return 403; }
      if ($secure_link = "0") { return 410; }
      alias ${files}/;
    }
    location /uploads/ {
      root ${folder};
      dav_methods PUT;
      create_full_put_path on;
    }
  }
}
`
}
