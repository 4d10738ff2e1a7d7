import type { Messages } from './messages.ts'

const ASK_AGAIN = '请向发送者索取新的地址。'

export const zh: Messages = {
  language: 'zh',
  fileShared: '有人与您共享了一个文件',
  folderShared: '有人与您共享了一个文件夹',
  dropShared: '有人请您发送文件',
  openToSee: '在浏览器中打开此地址即可查看。',
  from: '来自',
  type: '类型',
  size: '大小',
  until: '有效期至',
  usesLeft: '剩余下载次数',
  name: '名称',
  changed: '修改时间',
  contents: '内容',
  download: '下载',
  downloadAll: '全部下载为 ZIP',
  folder: '文件夹',
  emptyFolder: '此文件夹为空。',
  folderAbove: '上级文件夹',
  nextPage: '下一页',
  preview: '预览',
  previewCut: '这是开头部分。下载的文件包含全部内容。',
  countOfFiles: (count) => `${count} 个文件`,
  password: '密码',
  passwordAsked: '需要密码才能打开，发送者知道密码。',
  open: '打开',
  wrongPassword: '密码不正确。请重试，或询问发送地址的人。',
  chooseFiles: '选择文件',
  send: '发送',
  sending: '正在发送',
  connectionLost: '连接已断开。请重新发送：将从中断处继续。',
  sendMore: '继续发送',
  largest: '文件大小上限',
  smallest: '文件大小下限',
  typesTaken: '接受的类型',
  filesTaken: '还可接受的文件数',
  arrived: '以下文件已送达',
  beingChecked: '正在检查',
  checkedFirst: '正在检查的文件在检查完毕且未发现问题后会送达收件人。您无需再做任何事。',
  notTaken: '以下内容未被接受',
  stories: {
    unknown: {
      title: '此地址没有任何内容',
      text: '地址可能缺少一部分，或在途中被更改。请复制完整地址，或询问发送者。',
    },
    revoked: {
      title: '此共享已结束',
      text: `负责人已将其结束，或所共享的内容已不存在。${ASK_AGAIN}`,
    },
    paused: {
      title: '此共享已暂停',
      text: '它有异常之处，需要负责人先行检查。请稍后再来，或询问发送者。',
    },
    usedUp: {
      title: '此共享已用完',
      text: `它的使用次数有限，现已全部用完。${ASK_AGAIN}`,
    },
    expired: (at) => ({
      title: '此共享已过期',
      text: `它的有效期至 ${at}。${ASK_AGAIN}`,
    }),
    notYet: (at) => ({
      title: '此共享尚未生效',
      text: `它从 ${at} 起生效，请届时再来。`,
    }),
    network: (address) => ({
      title: '此共享在您的网络中不可用',
      text: `它是为另一个网络设置的，而您来自 ${address}。请从该网络打开，或索取可在此处使用的地址。`,
    }),
    policy: {
      title: '此处不允许这样做',
      text: `共享之后，文件夹的规则已更改。${ASK_AGAIN}`,
    },
    gone: {
      title: '此文件已不存在',
      text: '它已被删除、移动或重命名。请返回再看一次，或询问共享者。',
    },
    tooFast: (seconds) => ({
      title: '尝试次数过多',
      text: `请等待 ${seconds} 秒后再试。`,
    }),
    foreignForm: {
      title: '此表单来自其他页面',
      text: '请打开您收到的地址，并使用其显示的页面。',
    },
    tooLarge: (most) => ({
      title: '文件太大',
      text: `此处最多接受 ${most}。请缩小文件，或询问发送地址的人。`,
    }),
    tooSmall: (least) => ({
      title: '文件太小',
      text: `此处至少需要 ${least}。这是正确的文件吗？`,
    }),
    typeRefused: (types) => ({
      title: '此处不接受这种类型的文件',
      text: `接受的类型：${types}。`,
    }),
    contradicted: {
      title: '文件内容与其标示不符',
      text: '内容的类型与名称或所标示的类型不一致。请检查文件，并以正确的名称重新发送。',
    },
    noRoom: {
      title: '没有剩余空间',
      text: '文件夹已满。请告知向您索取文件的人。',
    },
    nothingSent: {
      title: '没有选择文件',
      text: '请返回，至少选择一个文件并发送。',
    },
    nameRefused: {
      title: '无法以此名称接受文件',
      text: '名称太长，或含有文件名中不允许的字符。请重命名后再发送。',
    },
    tooMany: (most) => ({
      title: '内容太多，无法打包',
      text: `此处一个 ZIP 最多包含 ${most} 个文件。请打开其中的文件夹，或下载单个文件。`,
    }),
    notTaken: {
      title: '文件未被接受',
      text: '出现了问题，请重新发送。',
    },
    broken: { title: '出现错误', text: '请稍后再试。' },
    misunderstood: {
      title: '无法理解此请求',
      text: '请打开您收到的地址，并使用其显示的页面。',
    },
  },
}
