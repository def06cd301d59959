/** What is read of an OpenAPI document (3.1); the rest passes through. */
export interface OpenApiDocument {
  info: { title: string, [field: string]: unknown }
  paths: Record<string, Record<string, Operation>>
  components?: { securitySchemes?: Record<string, unknown>, [field: string]: unknown }
  [field: string]: unknown
}

interface Operation {
  tags?: string[]
  security?: Array<Record<string, string[]>>
  requestBody?: { required?: boolean, content: Record<string, { schema?: { required?: string[], minProperties?: number } }> }
}

/** Says of a body that may be left out that it is not required. */
export function markOptionalBodies (whole: OpenApiDocument): void {
  for (const { requestBody } of Object.values(whole.paths).flatMap(Object.values<Operation>)) {
    const schema = requestBody?.content['application/json']?.schema
    if (requestBody !== undefined && schema?.required === undefined && schema?.minProperties === undefined) requestBody.required = false
  }
}

/** @returns the document of one API: the operations that bear its name as a tag, and the ways to authenticate that they use */
export function documentOf (whole: OpenApiDocument, api: string): OpenApiDocument {
  const paths = Object.fromEntries(Object.entries(whole.paths).flatMap(([path, operations]) => {
    const own = Object.entries(operations).filter(([, operation]) => operation.tags?.includes(api))
    return own.length === 0 ? [] : [[path, Object.fromEntries(own)]]
  }))
  const used = new Set(Object.values(paths).flatMap(Object.values<Operation>).flatMap(operation => operation.security ?? []).flatMap(Object.keys))
  const schemes = Object.entries(whole.components?.securitySchemes ?? {}).filter(([name]) => used.has(name))
  return {
    ...whole,
    info: { ...whole.info, title: `${whole.info.title}: ${api}` },
    paths,
    components: { ...whole.components, securitySchemes: Object.fromEntries(schemes) }
  }
}
