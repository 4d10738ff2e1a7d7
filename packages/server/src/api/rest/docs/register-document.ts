/** Generates the OpenAPI 3.1 document from the same objects that route and validate. */
import { fastifySwagger } from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import type { RestContext } from '../context.ts'
import type { Operation } from '../operation.ts'
import { PROBLEM_TYPE } from '../../problem-document.ts'
import { ProblemSchema } from './problem-schema.ts'

const DESCRIPTION = `Private files, handed out by signed URLs.

Send an API key as \`Authorization: Bearer KEY\`; the bare key works too. Refusals are problem documents (RFC 9457) with a stable \`code\`. Times are ISO 8601. Lists take \`limit\` and \`cursor\`.`

/** Must run before the routes are registered: it watches them being added. */
export async function registerDocument(
  app: FastifyInstance,
  { version }: RestContext,
): Promise<void> {
  await app.register(fastifySwagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Hallpass', version, description: DESCRIPTION },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          bareKey: { type: 'apiKey', in: 'header', name: 'Authorization' },
        },
      },
    },
    transform: ({ url, route }) => {
      const operation = route.config?.operation
      if (operation === undefined) return { schema: { hide: true }, url }
      return { schema: describe(operation), url: operation.path }
    },
  })
}

function describe(operation: Operation): object {
  const { id, tag, summary, description, access, params, query, headers } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: access === 'anyone' ? [] : [{ bearer: [] }, { bareKey: [] }],
    ...(params === null ? {} : { params }),
    ...(query === null ? {} : { querystring: query }),
    ...(headers === undefined ? {} : { headers }),
    ...describeBody(operation),
    response: describeAnswers(operation),
  }
}

function describeBody({ body, streamTypes }: Operation): object {
  if (body !== null) return { body, consumes: ['application/json'] }
  if (streamTypes === undefined) return {}
  const [[type, schema] = []] = Object.entries(streamTypes)
  return type === undefined ? {} : { body: schema, consumes: [type] }
}

function describeAnswers({ answers, contentType }: Operation): object {
  const described = Object.entries(answers).map(([status, schema]) => [
    status,
    schema === null
      ? { description: DESCRIPTIONS[status] ?? 'Done.', type: 'null' }
      : {
          description: DESCRIPTIONS[status] ?? 'Done.',
          content: { [contentType ?? 'application/json']: { schema: schema satisfies TSchema } },
        },
  ])
  const problem = {
    description: 'Refused; `code` says why.',
    content: { [PROBLEM_TYPE]: { schema: ProblemSchema } },
  }
  return { ...Object.fromEntries(described), default: problem }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Here it is.',
  201: 'Created.',
  204: 'Done; there is nothing to say.',
  302: 'Go to `Location`.',
}
