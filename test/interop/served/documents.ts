/** The resources and their templates. */
import type { Server } from '@oarlock/kernel'
import { Type } from 'oarlock'

/** One black pixel. */
export const PIXEL = 'R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=='

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const ROOMS: Readonly<Record<string, readonly string[]>> = { north: ['attic', 'archive'], south: ['atrium', 'kitchen'] }

/** Adds them. `happened` is what the server has seen. */
export function offerDocuments(server: Server, happened: string[]): void {
  server.resource('today', { uri: 'note://today', title: 'Today', mimeType: 'text/plain' }, () => 'rain')
  server.resource('pixel', { uri: 'image://pixel', mimeType: 'image/gif' }, () => Buffer.from(PIXEL, 'base64'))
  server.resource('diary', { uri: 'note://diary', mimeType: 'text/plain' }, async (_args, ctx) => {
    const { action } = await ctx.elicit('allowed', { message: 'May I read the diary?', schema: Type.Object({}) })
    return action === 'accept' ? 'dear diary' : undefined
  })
  server.template(
    'board',
    {
      uri: 'board://{key}',
      mimeType: 'application/json',
      watch: uri => {
        const key = uri.slice('board://'.length)
        happened.push(`watched ${key}`)
        return () => void happened.push(`unwatched ${key}`)
      },
    },
    ({ key }) => ({ board: key }),
  )
  server.template(
    'day',
    {
      uri: 'note://day/{day}',
      mimeType: 'text/plain',
      params: Type.Object({ day: Type.String() }),
      complete: { day: value => DAYS.filter(day => day.startsWith(value)) },
    },
    ({ day }) => (DAYS.includes(day) ? `it is ${day}` : undefined),
  )
  server.template(
    'room',
    {
      uri: 'house://{wing}/{room}',
      params: Type.Object({ wing: Type.Enum(['north', 'south']), room: Type.String() }),
      complete: { room: (value, { arguments: { wing = '' } }) => (ROOMS[wing] ?? []).filter(room => room.startsWith(value)) },
    },
    ({ wing, room }) => `the ${room} of the ${wing} wing`,
  )
}
