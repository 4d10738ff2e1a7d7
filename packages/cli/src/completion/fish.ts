/**
 * Completion for fish.
 *
 * @module
 */
import type { CommandShape, OptionShape, Values } from './command-shapes.ts'
import { pathsOf } from './shell-words.ts'

export function fishCompletion(shapes: readonly CommandShape[]): string {
  return `# Completion of hallpass for fish: hallpass completion fish > ~/.config/fish/completions/hallpass.fish
function __hallpass_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case ${pathsOf(shapes).map(quoteFish).join(' ')}
                set at (string trim -- "$at $word")
        end
    end
    test "$at" = "$argv[1]"
end
${shapes.flatMap(linesOf).join('\n')}
`
}

/** In single quotes, in which fish knows two escapes. */
function quoteFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function linesOf(shape: CommandShape): string[] {
  const { path, children, options, values } = shape
  const begin = `complete -c hallpass -n ${quoteFish(`__hallpass_at ${quoteFish(path)}`)}`
  return [
    ...children.map(
      ({ name, summary }) => `${begin} -f -a ${quoteFish(name)} -d ${quoteFish(summary)}`,
    ),
    ...(values.kind === 'words' ? [`${begin} -f -a ${quoteFish(values.words.join(' '))}`] : []),
    ...(values.kind === 'folder' ? [`${begin} -f -a '(__fish_complete_directories)'`] : []),
    ...options.map((option) => `${begin} ${optionOf(option)}`),
  ]
}

function optionOf({ flags, summary, values }: OptionShape): string {
  const names = flags.map((flag) =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  )
  return [...names, ...takes(values), `-d ${quoteFish(summary)}`].join(' ')
}

function takes(values: Values): string[] {
  switch (values.kind) {
    case 'nothing':
      return []
    case 'words':
      return [`-x -a ${quoteFish(values.words.join(' '))}`]
    case 'folder':
      return ["-x -a '(__fish_complete_directories)'"]
    case 'file':
      return ['-r -F']
    case 'any':
      return ['-x']
  }
}
