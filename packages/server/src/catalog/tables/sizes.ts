/** The sizes of a file's parts, in one column. */
import type { Column } from '../table.ts'

const NO_SIZES: readonly number[] = Object.freeze([])

/** `8388608*9999 512`: parts nearly always have one size but for the last. */
export function sizes<Name extends string>(name: Name): Column<Name, readonly number[], string> {
  return {
    name,
    toStored: (value) => {
      const runs: string[] = []
      for (let at = 0; at < value.length;) {
        let end = at + 1
        while (end < value.length && value[end] === value[at]) end += 1
        runs.push(end - at === 1 ? `${value[at]}` : `${value[at]}*${end - at}`)
        at = end
      }
      return runs.join(' ')
    },
    toValue: (stored) =>
      stored === ''
        ? NO_SIZES
        : stored.split(' ').flatMap((run) => {
            const [size = '', count = '1'] = run.split('*')
            return Array.from({ length: Number(count) }, () => Number(size))
          }),
  }
}
