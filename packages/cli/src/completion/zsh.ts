/**
 * Completion for zsh.
 *
 * @module
 */
import type { CommandShape, OptionShape, Values } from './command-shapes.ts'
import { pathsOf, quote } from './shell-words.ts'

/** Sourced, or as the file `_hallpass` of a folder in `fpath`. */
export function zshCompletion(shapes: readonly CommandShape[]): string {
  return `#compdef hallpass
# Completion of hallpass for zsh: source <(hallpass completion zsh), or a file _hallpass in a folder of fpath
_hallpass() {
  local at='' word prev="\${words[CURRENT-1]}"
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      (${pathsOf(shapes).map(quote).join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at:$prev" in
${shapes.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${shapes.map(commandCase).join('\n')}
  esac
}
if [[ "\${funcstack[1]}" == _hallpass ]]; then _hallpass "$@"; else compdef _hallpass hallpass; fi
`
}

function valueCases({ path, options }: CommandShape): string[] {
  return options.flatMap(({ flags, values }) => {
    if (values.kind === 'nothing') return []
    const patterns = flags.map((flag) => quote(`${path}:${flag}`)).join('|')
    return [`    (${patterns}) ${offer(values)}; return ;;`]
  })
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `compadd -- ${values.words.map(quote).join(' ')}`
    case 'folder':
      return '_files -/'
    case 'file':
      return '_files'
    default:
      return ':'
  }
}

function commandCase({ path, children, options, values }: CommandShape): string {
  const rest = children.length > 0 ? describe('command', children.map(entryOf)) : offer(values)
  const flags = describe('option', options.flatMap(flagEntries))
  return `    (${quote(path)}) if [[ "\${words[CURRENT]}" == -* ]]; then ${flags}; else ${rest}; fi ;;`
}

function describe(tag: string, entries: readonly string[]): string {
  return `offered=(${entries.map(quote).join(' ')}); _describe ${quote(tag)} offered`
}

function entryOf({ name, summary }: { readonly name: string; readonly summary: string }): string {
  return `${name}:${summary}`
}

function flagEntries({ flags, summary }: OptionShape): string[] {
  return flags.map((flag) => `${flag}:${summary}`)
}
