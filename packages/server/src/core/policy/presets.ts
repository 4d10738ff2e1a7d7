/** Policies with a name, to begin with. A preset is put in as the lines it stands for, which can then be changed one by one. */
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import { STANDARD_POLICY } from './line-rules.ts'

export const PRESET_NAMES = ['strict', 'standard', 'open'] as const
export type PresetName = (typeof PRESET_NAMES)[number]

const HOUR = 3600
const WEEK = 7 * 24 * HOUR

export const PRESETS: { readonly [Name in PresetName]: FolderPolicy } = {
  /** Minutes, a reason for whatever lives longer, nothing deleted by a link, nothing shown in place, and no file that is not what it says. */
  strict: {
    maxDownloadSeconds: HOUR,
    maxUploadSeconds: HOUR,
    defaultDownloadSeconds: 60,
    defaultUploadSeconds: 300,
    reasonOverSeconds: 900,
    methods: ['GET', 'PUT', 'POST'],
    inlineTypes: [],
    requireMatchingType: true,
  },
  /** As the server is without any policy. */
  standard: STANDARD_POLICY,
  /** Up to a week without a reason, where the files are for many. */
  open: {
    ...STANDARD_POLICY,
    defaultDownloadSeconds: HOUR,
    defaultUploadSeconds: HOUR,
    reasonOverSeconds: WEEK,
  },
}
