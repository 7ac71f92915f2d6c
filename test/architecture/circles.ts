/** Finds files that import each other in a circle. */
import type { SourceFile } from './source.ts'

/** Every circle that a walk in depth meets, each as the paths along it, the first one again at its end. Imports of types count, unless `runTime` is asked for. */
export function circles(files: readonly SourceFile[], runTime = false): string[][] {
  const graph = new Map(
    files.map(({ path, imports }) => [path, imports.flatMap(({ file, types }) => (file === undefined || (runTime && types) ? [] : file))]),
  )
  const done = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) return void found.push([...trail.slice(start), path])
    if (done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}
