/** The prompts. */
import type { Server } from '@oarlock/kernel'
import { embed, image, Type } from 'oarlock'
import { PIXEL } from './documents.ts'

const LANGUAGES = ['python', 'pascal', 'typescript']

const NUMBERS = Array.from({ length: 250 }, (_, index) => String(index))

/** Adds them. */
export function offerPrompts(server: Server): void {
  const Review = Type.Object({ code: Type.String({ description: 'What to review' }), language: Type.Optional(Type.String()) })
  server.prompt(
    'review',
    {
      title: 'Review',
      description: 'Reviews code',
      args: Review,
      complete: { language: value => LANGUAGES.filter(each => each.startsWith(value)) },
    },
    ({ code, language = 'text' }) => `Review this ${language}: ${code}`,
  )
  const Tone = Type.Object({ tone: Type.Enum(['kind', 'keen', 'blunt']), loud: Type.Optional(Type.Boolean()) })
  server.prompt('tone', { description: 'Completes itself', args: Tone }, ({ tone, loud }) => [
    { role: 'user', content: `Be ${tone}` },
    { role: 'assistant', content: loud === true ? 'OK!' : 'ok' },
  ])
  server.prompt('letter', { description: 'Asks before it renders' }, async (_args, ctx) => {
    const { content } = await ctx.elicit('to', { message: 'To whom?', schema: Type.Object({ name: Type.String() }) })
    return `A letter to ${content?.name ?? 'nobody'}`
  })
  const Many = Type.Object({ number: Type.String() })
  server.prompt('many', { description: 'Has many completions', args: Many, complete: { number: () => NUMBERS } }, ({ number }) => number)
  server.prompt('media', { description: 'More than text' }, () => [image(PIXEL, 'image/gif'), embed('note://today', 'rain', 'text/plain')])
}
