import type { Messages } from './messages.ts'

const ASK_AGAIN = '送った人に新しいものを頼んでください。'

export const ja: Messages = {
  language: 'ja',
  fileShared: 'ファイルが共有されています',
  folderShared: 'フォルダーが共有されています',
  dropShared: 'ファイルの送付を求められています',
  openToSee: 'ブラウザーでこのアドレスを開くと表示されます。',
  from: '共有者',
  type: '種類',
  size: 'サイズ',
  until: '期限',
  usesLeft: '残りのダウンロード回数',
  name: '名前',
  changed: '更新日時',
  contents: '内容',
  download: 'ダウンロード',
  downloadAll: 'すべてを ZIP でダウンロード',
  folder: 'フォルダー',
  emptyFolder: 'このフォルダーは空です。',
  folderAbove: '上のフォルダー',
  nextPage: '次のページ',
  preview: 'プレビュー',
  previewCut: 'これは先頭の部分です。ダウンロードすると全体が得られます。',
  countOfFiles: (count) => `${count} 個のファイル`,
  password: 'パスワード',
  passwordAsked: '開くにはパスワードが必要です。送った人が知っています。',
  open: '開く',
  wrongPassword: 'パスワードが違います。もう一度試すか、アドレスを送った人に聞いてください。',
  chooseFiles: 'ファイルを選ぶ',
  send: '送信',
  sending: '送信中',
  connectionLost: '接続が切れました。もう一度送信すると、途中から続きます。',
  sendMore: 'さらに送る',
  largest: '最大のファイルサイズ',
  smallest: '最小のファイルサイズ',
  typesTaken: '受け取る種類',
  filesTaken: 'あと受け取るファイル数',
  arrived: '次のファイルが届きました',
  beingChecked: '確認中',
  checkedFirst:
    '確認中のものは、確認が終わり問題がなければ受取人に届きます。ほかにすることはありません。',
  notTaken: '次のものは受け取られませんでした',
  stories: {
    unknown: {
      title: 'このアドレスには何もありません',
      text: '一部が欠けているか、途中で変わった可能性があります。アドレス全体をコピーするか、送った人に聞いてください。',
    },
    revoked: {
      title: 'この共有は終了しました',
      text: `管理者が終了したか、共有されていたものがなくなりました。${ASK_AGAIN}`,
    },
    paused: {
      title: 'この共有は一時停止中です',
      text: '不審な点があり、管理者の確認を待っています。後でもう一度開くか、送った人に聞いてください。',
    },
    usedUp: {
      title: 'この共有は使い切られました',
      text: `使える回数が決まっており、すべて使われました。${ASK_AGAIN}`,
    },
    expired: (at) => ({
      title: 'この共有は期限が切れました',
      text: `${at} まで使えました。${ASK_AGAIN}`,
    }),
    notYet: (at) => ({
      title: 'この共有はまだ使えません',
      text: `${at} から使えます。その後で開いてください。`,
    }),
    network: (address) => ({
      title: 'この共有はお使いのネットワークでは使えません',
      text: `別のネットワーク用に作られており、現在のアドレスは ${address} です。そのネットワークから開くか、ここで使えるものを頼んでください。`,
    }),
    policy: {
      title: 'ここでは許可されていません',
      text: `共有された後にフォルダーの規則が変わりました。${ASK_AGAIN}`,
    },
    gone: {
      title: 'このファイルはもうありません',
      text: '削除、移動、または名前の変更が行われました。戻って確認するか、共有した人に聞いてください。',
    },
    tooFast: (seconds) => ({
      title: '試行回数が多すぎます',
      text: `${seconds} 秒待ってから、もう一度試してください。`,
    }),
    foreignForm: {
      title: 'このフォームは別のページから送られました',
      text: '受け取ったアドレスを開き、表示されるページを使ってください。',
    },
    tooLarge: (most) => ({
      title: 'ファイルが大きすぎます',
      text: `ここで受け取れるのは ${most} までです。小さくするか、アドレスを送った人に聞いてください。`,
    }),
    tooSmall: (least) => ({
      title: 'ファイルが小さすぎます',
      text: `ここでは ${least} 以上が必要です。正しいファイルでしたか。`,
    }),
    typeRefused: (types) => ({
      title: 'この種類のファイルは受け取れません',
      text: `受け取る種類: ${types}`,
    }),
    contradicted: {
      title: 'ファイルの中身が表示と異なります',
      text: '中身の種類が、名前または種類の表示と一致しません。ファイルを確認し、正しい名前でもう一度送ってください。',
    },
    noRoom: {
      title: '空きがありません',
      text: 'フォルダーがいっぱいです。ファイルを頼んだ人に伝えてください。',
    },
    nothingSent: {
      title: 'ファイルが選ばれていません',
      text: '戻って、ファイルを一つ以上選んで送ってください。',
    },
    nameRefused: {
      title: 'この名前のファイルは受け取れません',
      text: '名前が長すぎるか、使えない文字が含まれています。名前を変えて、もう一度送ってください。',
    },
    tooMany: (most) => ({
      title: '一つにまとめるには多すぎます',
      text: `ZIP に入るのは ${most} 個までです。中のフォルダーを開くか、ファイルを一つずつダウンロードしてください。`,
    }),
    notTaken: {
      title: 'ファイルは受け取られませんでした',
      text: '問題が起きました。もう一度送ってください。',
    },
    broken: { title: '問題が起きました', text: 'しばらくしてからもう一度試してください。' },
    misunderstood: {
      title: '内容を理解できませんでした',
      text: '受け取ったアドレスを開き、表示されるページを使ってください。',
    },
  },
}
