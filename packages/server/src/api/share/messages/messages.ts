/**
 * Every sentence of a share's pages, once for each language: what is missing in one does not compile. Values that strangers chose
 * (names, greetings) are put in by the pages, which escape them.
 */

/** What stands in the way, as a page tells it: what happened, and what to do. */
export interface Story {
  readonly title: string
  readonly text: string
}

export interface Messages {
  /** BCP 47. */
  readonly language: string
  readonly fileShared: string
  readonly folderShared: string
  readonly dropShared: string
  /** To programs that look ahead, which are told nothing else. */
  readonly openToSee: string
  /** Heading of whom it comes from. */
  readonly from: string
  readonly type: string
  readonly size: string
  readonly until: string
  readonly usesLeft: string
  readonly name: string
  readonly changed: string
  readonly contents: string
  readonly download: string
  readonly downloadAll: string
  readonly folder: string
  readonly emptyFolder: string
  readonly folderAbove: string
  readonly nextPage: string
  readonly preview: string
  readonly previewCut: string
  readonly countOfFiles: (count: string) => string
  readonly password: string
  readonly passwordAsked: string
  readonly open: string
  readonly wrongPassword: string
  readonly chooseFiles: string
  readonly send: string
  readonly sending: string
  readonly connectionLost: string
  readonly sendMore: string
  readonly largest: string
  readonly smallest: string
  readonly typesTaken: string
  readonly filesTaken: string
  readonly arrived: string
  /** Of a file that waits. */
  readonly beingChecked: string
  readonly checkedFirst: string
  readonly notTaken: string
  readonly stories: {
    readonly unknown: Story
    readonly revoked: Story
    readonly paused: Story
    readonly usedUp: Story
    readonly expired: (at: string) => Story
    readonly notYet: (at: string) => Story
    readonly network: (address: string) => Story
    readonly policy: Story
    readonly gone: Story
    readonly tooFast: (seconds: string) => Story
    readonly foreignForm: Story
    readonly tooLarge: (most: string) => Story
    readonly tooSmall: (least: string) => Story
    readonly typeRefused: (types: string) => Story
    readonly contradicted: Story
    readonly noRoom: Story
    readonly nothingSent: Story
    readonly nameRefused: Story
    readonly tooMany: (most: string) => Story
    readonly notTaken: Story
    readonly broken: Story
    readonly misunderstood: Story
  }
}
