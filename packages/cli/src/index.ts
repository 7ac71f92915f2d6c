/** The door of @oarlock/cli: the command as a function. */

export { main } from './main.ts'
