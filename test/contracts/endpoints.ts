import type { InjectOptions } from 'fastify'
import type { Kunci } from '../helper.js'
import type { Name } from './clients.js'

/** What the OpenAPI document says of the endpoints of a contract, or of administration. */

export interface Field {
  name: string
  /** of JSON; a list where it is one of several */
  type: string | string[]
  example: unknown
}

export interface Endpoint {
  /** of the contract whose access tokens it takes, and whose shape its failures have */
  name: Name
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** with its parameters in braces */
  path: string
  takesAccessToken: boolean
  /** of its body, in the document's order; undefined where it takes none */
  fields: Field[] | undefined
  parameters: Array<Field & { in: 'path' | 'query' }>
}

interface Operation {
  security?: Array<Record<string, string[]>>
  parameters?: Array<{ name: string, in: 'path' | 'query', example: string, schema: { type: string | string[] } }>
  requestBody?: { content: { 'application/json': { schema: { properties: Record<string, { type: string | string[], examples: [unknown] }> } } } }
}

export async function endpointsOf (kunci: Kunci, api: Name | 'admin'): Promise<Endpoint[]> {
  const response = await kunci.app.inject(`/docs/${api}/json`)
  const { paths } = response.json<{ paths: Record<string, Record<string, Operation>> }>()
  return Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => ({
    name: api === 'admin' ? 'outlet' : api,
    method: method.toUpperCase() as Endpoint['method'],
    path,
    // What goes without a token as well is no place to tell a good one from a bad one.
    takesAccessToken: operation.security?.some(way => 'accessToken' in way) === true && !operation.security.some(way => Object.keys(way).length === 0),
    fields: fieldsOf(operation),
    parameters: (operation.parameters ?? []).map(({ name, in: place, example, schema }) => ({ name, in: place, type: schema.type, example }))
  })))
}

function fieldsOf ({ requestBody }: Operation): Field[] | undefined {
  const properties = requestBody?.content['application/json'].schema.properties
  return properties === undefined ? undefined : Object.entries(properties).map(([name, { type, examples: [example] }]) => ({ name, type, example }))
}

/**
 * @param values what its fields and parameters hold instead of the document's examples, by their names
 * @returns a request that is right as far as the document tells
 */
export function requestTo ({ method, path, fields, parameters }: Endpoint, values: Readonly<Record<string, unknown>> = {}): InjectOptions & { url: string } {
  const value = ({ name, example }: Field) => Object.hasOwn(values, name) ? values[name] : example
  const url = parameters.filter(parameter => parameter.in === 'path').reduce((url, parameter) => url.replace(`{${parameter.name}}`, () => encodeURIComponent(String(value(parameter)))), path)
  return { method, url, ...fields === undefined ? {} : { payload: Object.fromEntries(fields.map(field => [field.name, value(field)])) } }
}
