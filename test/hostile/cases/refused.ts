/** The rejections that are held against the official server over HTTP, here over every transport against a process. */
import type { Case, Expected } from '../case.ts'
import type { Case as Rejection } from '../../rejections/case.ts'
import { CASES } from '../../rejections/cases.ts'

/** What a name begins with says what it rests on. */
const RULES = /^((?:S-[A-Z]+-\d\d|T\d+|row \d+)(?:, (?:S-[A-Z]+-\d\d|T\d+|row \d+))*): /

/** The house completes arguments, which the server of the rejections does not. */
const isOurs = ({ name }: Rejection): boolean => !name.startsWith('S-MSG-11') && !name.endsWith('completion/complete')

/** What is true of lines and not of frames: they may begin with a byte order mark, and hold any bytes. */
const LINES_ONLY = /byte order mark|not UTF-8/

function converted({ name, conversation, body, headers, http, link }: Rejection): Case {
  const expect: Expected = { outcome: 'refused', status: http.status, code: http.code, id: http.id ?? null }
  const onLink: Expected =
    link === 'silence'
      ? { outcome: 'silence' }
      : link === 'served'
        ? { outcome: 'served' }
        : { outcome: 'refused', code: link.code, id: link.id ?? null }
  return {
    kind: 'talk',
    name,
    rule: RULES.exec(name)?.[1] ?? 'DIGEST 3.7',
    over: [`http ${conversation}`, `stdio ${conversation}`, ...(LINES_ONLY.test(name) ? [] : [`ws ${conversation}` as const])],
    steps: [{ send: body, headers: { 'mcp-method': undefined, 'mcp-name': undefined, ...headers }, expect, onLink }],
  }
}

export const REFUSED_CASES: readonly Case[] = [...CASES.values()].flat().filter(isOurs).map(converted)
