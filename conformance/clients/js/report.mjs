/** The plan a client was given, and how it says what it saw: a line of JSON a check. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'))

export async function check(name, run) {
  try {
    print({ check: name, saw: (await run()) ?? null })
  } catch (error) {
    print({ check: name, error: describe(error) })
  }
}

/** Does the same with every nasty key; the failures are what was seen. */
export async function checkNasty(roundTrip) {
  await check('nasty', async () => {
    const failed = []
    for (const { key, content } of plan.nasty) {
      try {
        const text = await roundTrip(key, content)
        if (text !== content) failed.push([key, `came back as ${JSON.stringify(text)}`])
      } catch (error) {
        failed.push([key, describe(error)])
      }
    }
    return failed
  })
}

export async function checkSizes(roundTrip) {
  for (const file of plan.sizes) {
    await check(`size ${file.name}`, async () => {
      const hash = createHash('sha256')
      let bytes = 0
      for await (const chunk of await roundTrip(file)) {
        hash.update(chunk)
        bytes += chunk.length
      }
      return { sha256: hash.digest('hex'), bytes }
    })
  }
}

export function patternBytes(length) {
  const { path } = plan.sizes.find(({ name }) => name === '5MiB-plus-1')
  return readFileSync(path).subarray(0, length)
}

/** What the client calls the failure of `run`. */
export async function failureOf(run, nameOf) {
  try {
    await run()
    return 'nothing failed'
  } catch (error) {
    return nameOf(error)
  }
}

function describe(error) {
  const parts = [error?.name, error?.code ?? error?.Code, error?.$metadata?.httpStatusCode]
  const cause = error?.cause === undefined ? '' : ` because of ${describe(error.cause)}`
  return `${parts.filter(Boolean).join(' ')}: ${error?.message ?? error}${cause}`
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
