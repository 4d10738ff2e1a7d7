/** The page of a folder: what lies in it, each to be had by itself, and all of it as one archive. */
import type { ShareGrant } from '../../../auth/authenticate-share.ts'
import type { FileRecord } from '../../../catalog/records.ts'
import { nameOf } from '../../../core/paths.ts'
import { NO_HTML, html } from '../../../http/html.ts'
import type { Html } from '../../../http/html.ts'
import type { PageAnswer } from '../../answer-exchange.ts'
import { formatCount, formatMoment, formatSize, showName } from '../format.ts'
import type { FolderView, Sort } from '../list-folder.ts'
import type { Messages } from '../messages/messages.ts'
import { renderFacts, renderGreeting } from './facts.ts'
import { renderSharePage } from './layout.ts'

export interface FolderPage {
  readonly messages: Messages
  readonly filesUrl: string
  readonly grant: ShareGrant
  readonly view: FolderView
}

export function renderFolderPage({ messages, filesUrl, grant, view }: FolderPage): PageAnswer {
  const { within, next, files, folders, isSortable } = view
  const name = showName(nameOf(view.path.key) || grant.bucket)
  const count = messages.countOfFiles(formatCount(messages.language, files.length))
  const facts = renderFacts(
    messages,
    grant,
    isSortable && folders.length === 0 ? [[messages.contents, count]] : [],
  )
  const isEmpty = files.length === 0 && folders.length === 0
  const body = html`<h1><bdi>${name}</bdi></h1>
    ${within === '' ? html`${renderGreeting(grant)}${facts}` : renderWayUp(messages, within)}
    ${isEmpty ? html`<p>${messages.emptyFolder}</p>` : renderEntries(messages, view)}
    ${next === null ? NO_HTML : renderLink({ in: within, after: next }, messages.nextPage)}
    ${isEmpty ? NO_HTML : renderArchiveForm(messages, within)}`
  return renderSharePage(200, { messages, title: name, body, filesUrl })
}

function renderWayUp(messages: Messages, within: string): Html {
  const above = within.slice(0, within.lastIndexOf('/', within.length - 2) + 1)
  return renderLink({ in: above }, messages.folderAbove)
}

function renderLink(query: Readonly<Record<string, string>>, text: string): Html {
  return html`<p><a href="?${new URLSearchParams(query).toString()}">${text}</a></p>`
}

function renderArchiveForm(messages: Messages, within: string): Html {
  return html`<form method="post">
    <input type="hidden" name="in" value="${within}" />
    <button name="action" value="zip">${messages.downloadAll}</button>
  </form>`
}

function renderEntries(messages: Messages, view: FolderView): Html {
  const columns = [
    ['name', messages.name],
    ['size', messages.size],
    ['changed', messages.changed],
  ] as const
  const head = columns.map(([by, label]) => renderHead(view, by, label))
  const folders = view.folders.map((folder) => renderFolder(messages, view, folder))
  const files = view.files.map((file) => renderFile(messages, view, file))
  return html`<form method="post">
    <input type="hidden" name="action" value="download" />
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${folders}${files}
      </tbody>
    </table>
  </form>`
}

// oxlint-disable-next-line max-params -- of which column
function renderHead(
  { within, sort, isSortable }: FolderView,
  by: 'name' | 'size' | 'changed',
  label: string,
): Html {
  if (!isSortable) return html`<th scope="col">${label}</th>`
  const turned: Sort = sort === by ? `-${by}` : by
  const query = new URLSearchParams({ in: within, sort: turned }).toString()
  const order = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none'
  return html`<th scope="col" aria-sort="${order}"><a href="?${query}">${label}</a></th>`
}

// oxlint-disable-next-line max-params -- which, and where
function renderFolder(messages: Messages, { within }: FolderView, folder: string): Html {
  const query = new URLSearchParams({ in: within + folder }).toString()
  return html`<tr>
    <td>
      <a href="?${query}"><bdi>${showName(folder)}</bdi></a>
    </td>
    <td>${messages.folder}</td>
    <td></td>
  </tr>`
}

// oxlint-disable-next-line max-params -- which, and where
function renderFile({ language }: Messages, { path, within }: FolderView, file: FileRecord): Html {
  const name = file.key.slice(path.key.length)
  return html`<tr>
    <td>
      <button class="plain" name="file" value="${within}${name}">
        <bdi>${showName(name)}</bdi>
      </button>
    </td>
    <td>${formatSize(language, file.size)}</td>
    <td>${formatMoment(language, file.modifiedAt)}</td>
  </tr>`
}
