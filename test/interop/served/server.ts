/** A server of ours with everything a client may want to do, each with an answer that a test can assert. */
import { Server } from '@oarlock/kernel'
import type { Revision } from '@oarlock/protocol'
import { offerDocuments } from './documents.ts'
import { offerPrompts } from './prompts.ts'
import { offerQuestions } from './questions.ts'
import { offerTools } from './tools.ts'

/** Small, so that lists have pages. */
export const PAGE_SIZE = 6

/** One server. `revisions` are those it speaks; all when absent. */
export function interopServer(revisions?: readonly Revision[]): Server {
  const server = new Server({
    name: 'oarlock-interop',
    title: 'Everything',
    version: '1.0.0',
    instructions: 'Ask me anything',
    pageSize: PAGE_SIZE,
    log: false,
    ...(revisions === undefined ? {} : { revisions }),
  })
  const happened: string[] = []
  offerTools(server, happened)
  offerQuestions(server, happened)
  offerDocuments(server, happened)
  offerPrompts(server)
  return server
}
