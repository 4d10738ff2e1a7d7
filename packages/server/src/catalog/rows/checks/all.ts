/** Every check, in the order in which what does not hold can be put right. */
import { CONTENTS_CHECKS } from './contents-checks.ts'
import { COUNTS_AND_LINKS } from './counts-and-links.ts'
import { ROWS_OF_OTHERS } from './rows-of-others.ts'
import type { Check } from './check.ts'

export const CHECKS: readonly Check[] = [...ROWS_OF_OTHERS, ...CONTENTS_CHECKS, ...COUNTS_AND_LINKS]
