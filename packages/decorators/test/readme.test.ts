/** The README's examples compile, each in every dialect it is for. */
// time limit: 120 s
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { check, DIALECTS } from './types/check.ts'

const readme = suite('readme')

const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/^```ts( experimental)?\n(.*?)^```$/gms)].map(([, only, code = '']) => ({
  code,
  experimental: only !== undefined,
}))

const IMPORTS = `import * as decorators from '@oarlock/decorators'
import { Arg, Complete, Deprecated, Field, Guard, inject, OnElicit, OnListChanged, OnProgress, OnResourceUpdated, OnRoots, OnSampling, Prompt, prompt, Resource, resource, ResourceTemplate, Tags, template, Tool, tool, Use, withContainer } from '@oarlock/decorators'
import { Server, type In, type Middleware, type ToolContext } from '@oarlock/kernel'
import type { CreateMessageRequestParams, CreateMessageResult, ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '@oarlock/protocol'
import { Type } from 'typebox'
`

for (const dialect of DIALECTS) {
  readme(`every example compiles with ${dialect} decorators`, async () => {
    const codes = examples.filter(({ experimental }) => !experimental || dialect === 'experimental').map(({ code }) => `{\n${code}}\n`)
    assert.ok(codes.length > 7)
    const printed = await check(`${IMPORTS}${codes.join('')}`, dialect)
    assert.equal(printed.match(/^source\.ts.*(\n +.*)*/gm), null)
  })
}

readme('there is an example of everything that is exported for use', async () => {
  const exported = Object.keys(await import('@oarlock/decorators'))
  const shown = examples.map(({ code }) => code).join('')
  assert.equal(
    exported.filter(name => name !== 'componentsOf' && !new RegExp(`\\b${name}\\(`).test(shown)),
    [],
  )
})

readme.run()
