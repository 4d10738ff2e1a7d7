/** Reads the instructions of the image's recipe, as far as they say how the image is run. */
import { readFileSync } from 'node:fs'

export interface ImageRecipe {
  /** Of every stage, in their order, with arguments filled in. */
  readonly bases: readonly string[]
  readonly instructions: readonly (readonly [name: string, value: string])[]
  /** Those of the last stage, with what the image is run by. */
  readonly env: Readonly<Record<string, string>>
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly healthCommand: readonly string[]
  readonly stopSignal: string
}

export const DOCKERFILE = 'deploy/Dockerfile'

/** @throws {Error} with what the recipe lacks */
export function readDockerfile(path: string = DOCKERFILE): ImageRecipe {
  const instructions = readInstructions(readFileSync(path, 'utf8'))
  const defaults = valuesOf(instructions, 'ARG').map((text) => text.split('='))
  const bases = valuesOf(instructions, 'FROM').map((text) =>
    defaults.reduce(
      (base, [name = '', value = '']) => base.replace(`\${${name}}`, value),
      text.replace(/ AS .*$/, ''),
    ),
  )
  const last = instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'))
  const one = (name: string): string => {
    const [value, ...more] = valuesOf(last, name)
    if (value === undefined || more.length > 0) throw new Error(`${path} needs one ${name}`)
    return value
  }
  return {
    bases,
    instructions,
    env: Object.fromEntries(valuesOf(last, 'ENV').map(readAssignment)),
    user: one('USER'),
    entrypoint: readWords(one('ENTRYPOINT')),
    command: readWords(one('CMD')),
    healthCommand: readWords(one('HEALTHCHECK').replace(/^.*? CMD /, '')),
    stopSignal: one('STOPSIGNAL'),
  }
}

function readInstructions(text: string): [string, string][] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(?:#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
  return lines.map((line) => {
    const [, name = '', value = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (name === '') throw new Error(`this is no instruction: ${line}`)
    return [name, value]
  })
}

function valuesOf(instructions: ImageRecipe['instructions'], wanted: string): string[] {
  return instructions.filter(([name]) => name === wanted).map(([, value]) => value)
}

function readAssignment(text: string): [string, string] {
  const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(text) ?? []
  if (name === '') throw new Error(`ENV ${text} is not NAME=VALUE`)
  return [name, value]
}

/** The form without a shell, which signals and words pass as they are. */
function readWords(text: string): string[] {
  const words: unknown = JSON.parse(text)
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words
  throw new Error(`${text} is no list of words`)
}
