/**
 * Completion for bash.
 *
 * @module
 */
import type { CommandShape, Values } from './command-shapes.ts'
import { pathsOf, quote } from './shell-words.ts'

/** Sourced, it completes `hallpass`; works in bash 3.2, too. */
export function bashCompletion(shapes: readonly CommandShape[]): string {
  return `# Completion of hallpass for bash: source <(hallpass completion bash)
_hallpass() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${pathsOf(shapes).map(quote).join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at:$prev" in
${shapes.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${shapes.map(commandCase).join('\n')}
  esac
}
complete -o default -F _hallpass hallpass
`
}

function valueCases({ path, options }: CommandShape): string[] {
  return options.flatMap(({ flags, values }) => {
    const reply = replyOf(values)
    if (reply === null) return []
    const patterns = flags.map((flag) => quote(`${path}:${flag}`)).join('|')
    return [`    ${patterns}) ${reply}; return ;;`]
  })
}

/** `null` of what takes no value. Nothing at all leaves it to the shell, which offers files. */
function replyOf(values: Values): string | null {
  switch (values.kind) {
    case 'nothing':
      return null
    case 'words':
      return replyWith(values.words)
    case 'folder':
      return 'COMPREPLY=($(compgen -d -- "$cur"))'
    case 'file':
      return 'COMPREPLY=($(compgen -f -- "$cur"))'
    case 'any':
      return ':'
  }
}

function replyWith(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quote(words.join(' '))} -- "$cur"))`
}

function commandCase({ path, children, options, values }: CommandShape): string {
  const flags = options.flatMap((option) => option.flags)
  const words = children.length > 0 ? children.map(({ name }) => name) : wordsOf(values)
  const rest = words.length === 0 ? '' : `; else ${replyWith(words)}`
  return `    ${quote(path)}) if [[ $cur == -* ]]; then ${replyWith(flags)}${rest}; fi ;;`
}

function wordsOf(values: Values): readonly string[] {
  return values.kind === 'words' ? values.words : []
}
