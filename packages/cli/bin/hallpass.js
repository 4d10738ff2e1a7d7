#!/usr/bin/env node
/**
 * What `hallpass` is on the path. Installed, it loads the built command. In a checkout, where nothing need be built, it runs
 * the sources, on the Node that the checkout brings: the one that started this file may be too old for them.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/** What `engines` says. */
const MIN_NODE = [22, 18]
const source = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const isCheckout = existsSync(new URL('../tsconfig.json', import.meta.url))

if (isCheckout) runSources()
else if (isNewEnough(process.versions.node)) await import('../dist/main.js')
else {
  const wanted = MIN_NODE.join('.')
  console.error(`hallpass needs Node ${wanted} or later; this is Node ${process.versions.node}.`)
  process.exitCode = 2
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])
}

function runSources() {
  const brought = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
  const node = existsSync(brought) ? brought : process.execPath
  const child = spawn(node, ['--conditions=@hallpass/source', source, ...process.argv.slice(2)], {
    // The channel tells the command when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal))
  }
  // npx puts a shell in between, which a signal ends without passing it on.
  if (process.env['npm_command'] !== undefined) onOrphaned(() => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
  })
}

function onOrphaned(end) {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) end()
  }, 500).unref()
}
