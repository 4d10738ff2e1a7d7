/** Draws the OpenAPI document: a contents list, then each operation with its parameters, body and answers. */
import type { OpenApiDocument, OpenApiOperation, OpenApiParameter } from '../context.ts'
import { PROBLEMS } from '../render-error.ts'
import { html, renderPage } from '../../../http/html.ts'
import type { Html } from '../../../http/html.ts'
import { DOCS_STYLE } from './style.ts'

interface Listed {
  readonly method: string
  readonly path: string
  readonly operation: OpenApiOperation
}

export function renderDocs(document: OpenApiDocument): string {
  const listed = listOperations(document)
  const tags = [...new Set(listed.flatMap(({ operation }) => operation.tags))]
  const sections = tags.map((tag) =>
    renderTag(
      tag,
      listed.filter(({ operation }) => operation.tags.includes(tag)),
    ),
  )
  const { title, version, description } = document.info
  const contents = tags.map((tag) => html`<li><a href="#${toAnchor(tag)}">${tag}</a></li>`)
  const body = html`<header>
      <h1>${title} API</h1>
      <p class="dim">Version ${version} · <a href="/v1/openapi.json">OpenAPI document</a></p>
      ${renderText(description)}
    </header>
    <nav aria-label="Contents">
      <ul>
        ${contents}
        <li><a href="#errors">Errors</a></li>
      </ul>
    </nav>
    <main>${sections}${renderErrors()}</main>`
  return renderPage({ title: `${title} API`, css: DOCS_STYLE.css }, body)
}

function listOperations({ paths }: OpenApiDocument): Listed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
}

function renderTag(tag: string, listed: readonly Listed[]): Html {
  return html`<section aria-labelledby="${toAnchor(tag)}">
    <h2 id="${toAnchor(tag)}">${tag}</h2>
    ${listed.map(renderOperation)}
  </section>`
}

function renderOperation({ method, path, operation }: Listed): Html {
  const { operationId, summary, description = '', security, parameters = [] } = operation
  const access = security.length === 0 ? 'No key needed.' : 'Needs an API key.'
  return html`<details id="${operationId}">
    <summary>
      <span class="method ${method}">${method.toUpperCase()}</span><code class="path">${path}</code
      ><span class="dim">${summary}</span>
    </summary>
    <div>
      ${renderText(description)}
      <p class="dim">${access}</p>
      ${renderParameters(parameters)}${renderBody(operation)}${renderAnswers(operation)}
    </div>
  </details>`
}

function renderParameters(parameters: readonly OpenApiParameter[]): Html {
  if (parameters.length === 0) return html``
  const rows = parameters.map(
    ({ name, in: place, required, description = '', schema }) =>
      html`<tr>
        <td><code>${name}</code></td>
        <td>${place}${required === true ? ', required' : ''}</td>
        <td>${renderInline(description)} <code>${formatType(schema)}</code></td>
      </tr>`,
  )
  return html`<h3>Parameters</h3>
    <div class="table">
      <table>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`
}

function renderBody({ requestBody }: OpenApiOperation): Html {
  const parts = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) =>
      html`<h3>Body <code>${type}</code></h3>
        ${renderSchema(schema)}`,
  )
  return html`${parts}`
}

function renderAnswers({ responses }: OpenApiOperation): Html {
  const parts = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { description, content = {} }]) => {
      const schemas = Object.values(content).map(({ schema }) => renderSchema(schema))
      return html`<h3>${status}</h3>
        <p>${renderInline(description)}</p>
        ${schemas}`
    })
  return html`${parts}`
}

interface Schema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly format?: string
}

function renderSchema(schema: Schema): Html {
  const { properties } = schema
  if (properties === undefined) return html`<p><code>${formatType(schema)}</code></p>`
  const rows = Object.entries(properties).map(([name, property]) => {
    const optional = schema.required?.includes(name) === true ? '' : ', optional'
    return html`<tr>
      <td><code>${name}</code></td>
      <td><code>${formatType(property)}</code>${optional}</td>
      <td>${renderInline(property.description ?? '')}</td>
    </tr>`
  })
  return html`<div class="table">
    <table>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

function formatType(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(formatType).join(' | ')
  if (schema.items !== undefined) {
    const inner = formatType(schema.items)
    return inner.includes('|') ? `(${inner})[]` : `${inner}[]`
  }
  if (schema.properties !== undefined) return `{ ${Object.keys(schema.properties).join(', ')} }`
  return schema.format ?? schema.type ?? 'any'
}

function renderErrors(): Html {
  const rows = Object.entries(PROBLEMS).map(
    ([code, [status, title]]) =>
      html`<tr>
        <td>
          <a href="/-/docs/errors/${code}"><code>${code}</code></a>
        </td>
        <td>${status}</td>
        <td>${title}</td>
      </tr>`,
  )
  return html`<section aria-labelledby="errors">
    <h2 id="errors">Errors</h2>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Status</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

/** Paragraphs at blank lines, code between backticks: all the markup the descriptions use. */
function renderText(text: string): Html {
  const paragraphs = text.split('\n\n').filter((paragraph) => paragraph !== '')
  return html`${paragraphs.map((paragraph) => html`<p>${renderInline(paragraph)}</p>`)}`
}

function renderInline(text: string): Html {
  const parts = text.split('`')
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`
}

function toAnchor(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-')
}
