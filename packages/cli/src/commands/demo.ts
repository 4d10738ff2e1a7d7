/** `hallpass demo`: a server in a temporary folder, a story told against it, and everything taken away again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '@hallpass/server'
import type { RunningServer } from '@hallpass/server'
import { Command } from 'commander'
import { useAwsSdk } from '../demo/aws-sdk.ts'
import { CHAPTERS } from '../demo/chapters.ts'
import type { DemoServer } from '../demo/chapters.ts'
import { UnexpectedAnswer, createStory } from '../demo/story.ts'
import { EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'

const HELP = `
Starts a server on a free port with its data in a temporary folder, shows upload, signed URLs and
every refusal, and removes all of it. Every answer printed is the server's own.

Exit codes: 0 every answer was as it should be · 1 one was not.
`

const REGION = 'us-east-1'

export function createDemoCommand(io: CliIo): Command {
  return new Command('demo')
    .description('See in ten seconds what the server does.')
    .addHelpText('after', HELP)
    .action(async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-demo-'))
      try {
        io.exitCode = await tell(dataDir, io)
      } finally {
        rmSync(dataDir, { recursive: true, force: true })
      }
    })
}

async function tell(dataDir: string, io: CliIo): Promise<number> {
  const running = await startServer({ dataDir, port: 0, region: REGION, logLevel: 'silent' })
  try {
    const server = toDemoServer(running)
    io.stdout.write(`A Hallpass server runs on ${server.url}, its data in ${dataDir}.\n`)
    const story = createStory(io.stdout)
    for (const chapter of [...CHAPTERS, useAwsSdk]) await chapter(server, story)
    io.stdout.write('\nEverything answered as it should. Start your own: hallpass serve\n')
    return EXIT.ok
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer)) throw error
    io.stderr.write(`\nhallpass: ${error.message}\n`)
    return EXIT.negative
  } finally {
    await running.close()
  }
}

function toDemoServer({ url, firstStart }: RunningServer): DemoServer {
  const { adminKey, accessKey } = firstStart
  if (adminKey === null || accessKey === null)
    throw new Error('The temporary folder was not empty.')
  return { url, adminKey, region: REGION, ...accessKey }
}
