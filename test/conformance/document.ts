import { readFile } from 'node:fs/promises'
import type { Test } from 'tap'

/** A contract's document: its samples of JSON, each under its headings, and the endpoints that it names. */
export class ContractDocument {
  readonly endpoints: readonly string[]
  readonly #samples: ReturnType<typeof samplesIn>
  readonly #used = new Set<object>()

  /**
   * @param markdown what is commented out in it counts for nothing
   * @param prefix the contract's documented base path; endpoints are relative to it
   */
  constructor (markdown: string, prefix: string) {
    const text = markdown.replace(/<!--[\s\S]*?-->/g, '')
    this.#samples = samplesIn(text)
    this.endpoints = endpointsIn(text, prefix)
  }

  /**
   * @param titles the last of its headings, to the letter
   * @param at which of several that stand there
   */
  sample (titles: readonly string[], at = 0): Sample {
    const sample = this.#samples.filter(({ headings }) => titles.every((title, index) => headings.at(index - titles.length) === title))[at]
    if (sample === undefined) throw new Error(`the document has no sample ${at} under ${titles.join(' > ')}`)
    this.#used.add(sample)
    return sample
  }

  /** @returns the headings of every sample that nobody asked for */
  unused (): string[] {
    return this.#samples.filter(sample => !this.#used.has(sample)).map(sample => sample.headings.join(' > '))
  }
}

export async function readDocument (contract: string, prefix: string): Promise<ContractDocument> {
  return new ContractDocument(await readFile(`docs/contracts/${contract}.md`, 'utf8'), prefix)
}

export type Sample = ReturnType<typeof samplesIn>[number]

/** A sample is a fenced block or a comment of `json`; a line of nothing but bold text is the lowest heading. */
const landmarks = /^(?:```json\n(?<fenced>[\s\S]*?)^```|\/\*json\n(?<commented>[\s\S]*?)^\*\/|(?<hashes>#+) +(?<heading>.+)|(?:- )?\*\*(?<label>[^*]+?):?\*\*:?)$/gm

const LABEL = 7

function samplesIn (text: string) {
  const headings: string[] = []
  let end = 0
  return [...text.matchAll(landmarks)].flatMap(({ 0: { length }, index, groups = {} }) => {
    const { fenced, commented, hashes, heading, label } = groups
    const json = fenced ?? commented
    if (json === undefined) {
      const level = hashes?.length ?? LABEL
      headings.length = level
      headings[level] = (heading ?? label ?? '').replace(/\s+/g, ' ').trim()
      return []
    }
    const body = JSON.parse(json.replace(/,(?=\s*[}\]])/g, ''))
    const status = statusIn(text.slice(end, index), body)
    end = index + length
    return [{ headings: Object.values(headings), status, body }]
  })
}

/** The HTTP status of an answer: as it is said before the sample, or in the sample itself; otherwise the usual one. */
function statusIn (before: string, body: Record<string, unknown>): number {
  const [said] = [...before.matchAll(/\b[1-5]\d\d\b/g)].at(-1) ?? []
  return Number(said ?? [body['status_code'], body['code'], body['status']].find(Number.isInteger) ?? 200)
}

/** A method, and the path behind it or on the next line. */
const endpoint = /\b(GET|POST|PUT|PATCH|DELETE)\b[`*]*\s+(?:- \*\*Path:?\*\*:? +)?`?(\/?[a-z][\w/{}-]*)/g

function endpointsIn (text: string, prefix: string): string[] {
  const named = [...text.matchAll(endpoint)].map(([, method = '', written = '']) => {
    const path = written.startsWith('/') ? written : `/${written}`
    return `${method} ${(path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path).toLowerCase()}`
  })
  return [...new Set(named)]
}

/** What a value that varies must be. */
export type Form = (value: unknown) => boolean

const textLike = (pattern: RegExp): Form => value => typeof value === 'string' && pattern.test(value)
const isUuid = textLike(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/)
const isJwt = textLike(/^(?:[\w-]+\.){2}[\w-]+$/)

export const forms = {
  /** a row's number */
  number: value => Number.isSafeInteger(value) && Number(value) > 0,
  uuid: isUuid,
  /** ISO 8601 in UTC with milliseconds */
  time: value => typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value,
  /** three parts, the first two of JSON */
  jwt: value => isJwt(value) && String(value).split('.').slice(0, 2).every(isEncodedObject),
  secret: textLike(/./)
} as const satisfies Record<string, Form>

function isEncodedObject (part: string): boolean {
  try {
    return typeof JSON.parse(Buffer.from(part, 'base64url').toString()) === 'object'
  } catch {
    return false
  }
}

/** The fields of a body that vary as data, by path (`*` for each of a list), and what each must be. */
export type Varying = Readonly<Record<string, Form>>

/**
 * Asserts that a response is a document's sample: its status, and its whole body with the same keys, types and values,
 * but for the fields that vary.
 */
export function conforms (t: Test, response: { statusCode: number, headers: Record<string, unknown>, json: () => unknown }, { headings, status, body }: Sample, varying: Varying = {}): void {
  const title = headings.slice(1).join(' > ')
  t.equal(response.statusCode, status, title)
  t.match(response.headers['content-type'], /^application\/json\b/, title)
  t.strictSame(withSampleData(response.json(), body, varying), body, title)
}

/** @returns the answer, in which the sample's data stands for what varies and has its form */
export function withSampleData (answer: unknown, sample: unknown, varying: Varying, path = ''): unknown {
  const form = varying[path]
  if (form !== undefined) return form(answer) ? sample : { ofAnotherForm: answer }
  const below = (key: string) => path === '' ? key : `${path}.${key}`
  if (Array.isArray(answer) && Array.isArray(sample)) {
    return answer.map((item, index) => index < sample.length ? withSampleData(item, sample[index], varying, below('*')) : item)
  }
  if (isRecord(answer) && isRecord(sample)) {
    return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, key in sample ? withSampleData(value, sample[key], varying, below(key)) : value]))
  }
  return answer
}

function isRecord (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
