/** What a command is called in messages: as one would type it, without its secrets. */

const SECRET_FLAG = /^--?[\w-]*(?:key|token|secret|password|passwd|auth|credential)s?[\w-]*$/i
const SECRET_VALUE = /^((?:--?)?[\w-]*(?:key|token|secret|password|passwd|auth|credential)s?[\w-]*=).+/i
const USER_INFO = /(?<=:\/\/)[^/@\s]+@/g

/** The command line, at most 200 characters of it. What follows a flag that names a secret is replaced, and so is a user in a URL. */
export function describe(command: string, args: readonly string[] = []): string {
  const shown = args.map((arg, index) => {
    const before = args[index - 1]
    if (before !== undefined && SECRET_FLAG.test(before) && !arg.startsWith('-')) return '***'
    return quote(arg.replace(SECRET_VALUE, '$1***').replace(USER_INFO, '***@'))
  })
  const line = [quote(command), ...shown].join(' ')
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`
}

function quote(arg: string): string {
  return /^[\w@%+=:,./*~-]+$/.test(arg) ? arg : JSON.stringify(arg)
}
