/**
 * Prints the reference page "Dependencies" from the list of what may be installed: `node scripts/print-dependencies.ts` writes the page. That the list
 * is what is installed, and the page what the list says, is tested by `test/architecture/dependencies.test.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { ALLOWED, type Allowed } from './dependencies.ts'

const PACKAGES = new URL('../packages/', import.meta.url)

interface Manifest {
  readonly name: string
  /** Bundled into others, which name what it needs. */
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifests = readdirSync(PACKAGES).map(
  folder => JSON.parse(readFileSync(new URL(`${folder}/package.json`, PACKAGES), 'utf8')) as Manifest,
)

/** Which of our packages name it. */
const usersOf = (name: string): string =>
  manifests
    .filter(({ private: isBundled }) => isBundled !== true)
    .filter(({ dependencies = {}, peerDependencies = {} }) => name in dependencies || name in peerDependencies)
    .map(({ name }) => `\`${name}\``)
    .join(', ')

/** The page, as Markdown. */
export function page(): string {
  const entries = Object.entries(ALLOWED)
  const own = entries.filter(([, { by, peer }]) => by === undefined && peer === undefined)
  const peers = entries.filter(([, { peer }]) => peer === true)
  const brought = entries.filter(([, { by }]) => by !== undefined)
  const users = ([name, { range, reason }]: readonly [string, Allowed]) => `| \`${name}\` | ${range} | ${usersOf(name)} | ${reason} |`
  const origin = ([name, { range, reason, by }]: readonly [string, Allowed]) => `| \`${name}\` | ${range} | \`${by}\` | ${reason} |`
  return `# Dependencies

Everything that installing Oarlock brings along. A server over stdio, HTTP or WebSocket, which is what \`oarlock\` is for, is Oarlock's own code,
\`typebox\`, \`eventemitter3\`, \`reflect-metadata\` and \`ws\`; what signs clients in is loaded when it is needed. Printed from
\`scripts/dependencies.ts\` by \`node scripts/print-dependencies.ts\`; do not edit. A package that is not on the list, in these versions, fails the tests,
and none has an install script. CI asks the registry for known vulnerabilities where it offers that
(\`npx -y pnpm@12.21.0 audit-check\`), and says so where it does not.

## Named by our packages

| package | versions | for | why |
|---|---|---|---|
${own.map(users).join('\n')}

## Brought by those

| package | versions | by | why |
|---|---|---|---|
${brought.map(origin).join('\n')}

## Installed by you, where you need them

| package | versions | for | why |
|---|---|---|---|
${peers.map(users).join('\n')}
`
}

if (import.meta.main) writeFileSync(new URL('../docs/reference/dependencies.md', import.meta.url), page())
