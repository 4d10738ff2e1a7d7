import type { Messages } from './messages.ts'

const ASK_AGAIN = 'Ask whoever sent it to you for a new one.'

export const en: Messages = {
  language: 'en',
  fileShared: 'A file was shared with you',
  folderShared: 'A folder was shared with you',
  dropShared: 'You are asked for files',
  openToSee: 'Open this address in a browser to see it.',
  from: 'From',
  type: 'Type',
  size: 'Size',
  until: 'Until',
  usesLeft: 'Downloads left',
  name: 'Name',
  changed: 'Changed',
  contents: 'What it holds',
  download: 'Download',
  downloadAll: 'Download all as ZIP',
  folder: 'Folder',
  emptyFolder: 'There is nothing in this folder.',
  folderAbove: 'Folder above',
  nextPage: 'Next page',
  preview: 'Preview',
  previewCut: 'This is the beginning. The download has all of it.',
  countOfFiles: (count) => `${count} files`,
  password: 'Password',
  passwordAsked: 'It opens with a password, which whoever sent it to you knows.',
  open: 'Open',
  wrongPassword: 'This is not the password. Try again, or ask whoever sent you the address.',
  chooseFiles: 'Choose files',
  send: 'Send',
  sending: 'Sending',
  connectionLost: 'The connection was lost. Send it again: it goes on where it was.',
  sendMore: 'Send more',
  largest: 'Largest file',
  smallest: 'Smallest file',
  typesTaken: 'Types taken',
  filesTaken: 'Files still taken',
  arrived: 'These files have arrived',
  beingChecked: 'being checked',
  checkedFirst:
    'What is being checked reaches the recipient once that is done and nothing was found. You have nothing more to do.',
  notTaken: 'These were not taken',
  stories: {
    unknown: {
      title: 'There is nothing at this address',
      text: 'Part of it may be missing or was changed on the way. Copy the whole address, or ask whoever sent it to you.',
    },
    revoked: {
      title: 'This share was ended',
      text: `Somebody in charge has ended it, or what it was for is gone. ${ASK_AGAIN}`,
    },
    paused: {
      title: 'This share stands still',
      text: 'Something about it looked wrong, and somebody in charge has to look at it first. Come back later, or ask whoever sent it to you.',
    },
    usedUp: {
      title: 'This share has been used',
      text: `It was made for a limited number of uses, and all of them are gone. ${ASK_AGAIN}`,
    },
    expired: (at) => ({
      title: 'This share has expired',
      text: `It worked until ${at}. ${ASK_AGAIN}`,
    }),
    notYet: (at) => ({
      title: 'This share does not work yet',
      text: `It works from ${at}. Come back then.`,
    }),
    network: (address) => ({
      title: 'This share does not work from your network',
      text: `It was made for another one, and you come from ${address}. Open it from there, or ask whoever sent it to you for one that works here.`,
    }),
    policy: {
      title: 'This is not allowed here',
      text: `The rules of the folder have changed since it was shared. ${ASK_AGAIN}`,
    },
    gone: {
      title: 'This file is not there any more',
      text: 'It was deleted, moved or renamed. Go back and look again, or ask whoever shared it.',
    },
    tooFast: (seconds) => ({
      title: 'Too many attempts',
      text: `Wait ${seconds} seconds, then try again.`,
    }),
    foreignForm: {
      title: 'This form comes from another page',
      text: 'Open the address that was sent to you, and use the page that it shows.',
    },
    tooLarge: (most) => ({
      title: 'The file is too large',
      text: `At most ${most} are taken here. Make it smaller, or ask whoever sent you the address.`,
    }),
    tooSmall: (least) => ({
      title: 'The file is too small',
      text: `At least ${least} are wanted here. Was it the right file?`,
    }),
    typeRefused: (types) => ({
      title: 'This type of file is not taken here',
      text: `What is taken: ${types}.`,
    }),
    contradicted: {
      title: 'The file is not what it says it is',
      text: 'Its content is of another type than its name or its type says. Check the file, and send it again under the right name.',
    },
    noRoom: {
      title: 'There is no room left',
      text: 'The folder is full. Tell whoever asked you for the file.',
    },
    nothingSent: {
      title: 'No file was chosen',
      text: 'Go back, choose at least one file, and send it.',
    },
    nameRefused: {
      title: 'The file cannot be taken under its name',
      text: 'The name is too long, or has characters that no file may have. Rename it, and send it again.',
    },
    tooMany: (most) => ({
      title: 'There is too much to pack',
      text: `A ZIP holds at most ${most} files here. Open a folder of it, or download single files.`,
    }),
    notTaken: {
      title: 'The file was not taken',
      text: 'Something stood in its way. Send it again.',
    },
    broken: { title: 'Something went wrong', text: 'Please try again in a moment.' },
    misunderstood: {
      title: 'This was not understood',
      text: 'Open the address that was sent to you, and use the page that it shows.',
    },
  },
}
