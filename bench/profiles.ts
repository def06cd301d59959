import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

interface CpuProfile {
  nodes: Array<{ id: number, callFrame: { functionName: string, url: string, lineNumber: number } }>
  samples: number[]
  timeDeltas: number[]
}

const MOST = 40

/** @returns where the time of each profile in a folder went, by function and by package, as Markdown */
export async function summariseProfiles (folder: string): Promise<string> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.cpuprofile'))
  const texts = await Promise.all(files.map(async file => summarise(file, JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile)))
  return texts.join('\n')
}

function summarise (file: string, { nodes, samples, timeDeltas }: CpuProfile): string {
  const frames = new Map(nodes.map(node => [node.id, node.callFrame]))
  const byFunction = new Map<string, number>()
  const byPackage = new Map<string, number>()
  let busy = 0
  samples.forEach((id, at) => {
    const frame = frames.get(id)
    const time = timeDeltas[at] ?? 0
    if (frame === undefined || frame.functionName === '(idle)') return
    busy += time
    const where = packageOf(frame.url)
    add(byPackage, frame.url === '' ? frame.functionName : where, time)
    add(byFunction, `${frame.functionName === '' ? '(anonymous)' : frame.functionName} ${where}${frame.url === '' ? '' : `/${frame.url.split('/').at(-1)}:${frame.lineNumber + 1}`}`, time)
  })
  const share = (time: number) => `${(time / busy * 100).toFixed(1)} %`
  const list = (times: Map<string, number>, most: number) => [...times].sort((one, other) => other[1] - one[1]).slice(0, most).map(([name, time]) => `- ${share(time)} ${name}`)
  return [`\n### ${file}: busy for ${Math.round(busy / 1000)} ms`, '', ...list(byPackage, 20), '', ...list(byFunction, MOST), ''].join('\n')
}

function packageOf (url: string): string {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? []
  return name ?? (url.startsWith('node:') ? url : /\/dist\/(.+)$/.exec(url)?.[1] ?? url)
}

function add (times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time)
}
