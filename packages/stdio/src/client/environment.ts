/** Which variables of this process a server gets to see. */

/** The variables passed on without being asked for: enough to find programs, a home and a language; nothing that carries secrets (T18). */
export const DEFAULT_ENVIRONMENT: readonly string[] =
  process.platform === 'win32'
    ? [
        'APPDATA',
        'HOMEDRIVE',
        'HOMEPATH',
        'LOCALAPPDATA',
        'PATH',
        'PATHEXT',
        'PROCESSOR_ARCHITECTURE',
        'PROGRAMFILES',
        'SYSTEMDRIVE',
        'SYSTEMROOT',
        'TEMP',
        'TMP',
        'USERNAME',
        'USERPROFILE',
      ]
    : ['HOME', 'LANG', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'TMPDIR', 'TZ', 'USER']

/** The environment of a child: the defaults, and what was given. */
export function environment(given: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const inherited = DEFAULT_ENVIRONMENT.map(name => [name, process.env[name]] as const)
  // A value that begins like this is a shell function that was exported, which old shells would run.
  const safe = inherited.filter(([, value]) => value?.startsWith('()') === false)
  const all = [...safe, ...Object.entries(given)].filter((entry): entry is [string, string] => entry[1] !== undefined)
  const result = Object.fromEntries(all)
  for (const [name, value] of Object.entries(given)) if (value === undefined) delete result[name]
  return result
}
