/** What official clients do with our server, over every transport and in every revision: one list of stories, told to each. */
import { type Test, suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Guest } from './served/guest.ts'
import { patiently } from './served/patience.ts'
import { DOCUMENT_STORIES } from './served/stories/documents.ts'
import { QUESTION_STORIES } from './served/stories/questions.ts'
import type { Cell, Story } from './served/stories/story.ts'
import { TOOL_STORIES } from './served/stories/tools.ts'
import { WORK_STORIES } from './served/stories/work.ts'

const STORIES = [...TOOL_STORIES, ...DOCUMENT_STORIES, ...WORK_STORIES, ...QUESTION_STORIES]

/** A suite of all stories that can be told in a cell, on one connection, and of `more` that only this client can tell. */
export function tell(name: string, cell: Cell, open: () => Promise<Guest>, more: readonly Story[] = []): Test {
  const test = suite(`${name}, ${cell.transport}, ${cell.revision}`)
  let guest: Guest

  test.before(async () => {
    guest = await open()
  })
  test.after(() => guest.client.close())

  test('the revision is agreed on', () => {
    assert.is(guest.revision, cell.revision)
  })
  for (const story of [...STORIES, ...more])
    if (story.where?.(cell) ?? true)
      test(story.title, async () => {
        await patiently(story.tell(guest, cell), story.title)
        assert.equal(guest.tap.violations.splice(0), [])
      })
  test('the client found nothing wrong', () => {
    assert.equal(
      guest.errors.map(({ message }) => message),
      [],
    )
  })
  return test
}
