/** Variables in configuration: `${VAR}`, `${VAR:-default}`, and VS Code's `${env:VAR}` and `${input:id}`. */

/** Where values come from. */
export interface Variables {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values of `${input:id}`, asked from the user or kept safe by the host. */
  readonly inputs: Readonly<Record<string, string | undefined>>
}

const VARIABLE = /\$\{(?:(env|input):)?([A-Za-z_][\w.-]*)(?::-([^}]*))?\}/g

/**
 * The text with its variables replaced. A value is put in as it is: what looks like a variable in it stays text.
 * @throws Error that names the variable which has no value and no default
 */
export function expand(text: string, { env, inputs }: Variables): string {
  return text.replaceAll(VARIABLE, (_whole, kind: string | undefined, name: string, otherwise: string | undefined) => {
    const source = kind === 'input' ? inputs : env
    const value = Object.hasOwn(source, name) ? source[name] : undefined
    // As in a shell, :- also stands in for what is empty.
    if (value !== undefined && (value !== '' || otherwise === undefined)) return value
    if (otherwise !== undefined) return otherwise
    throw new Error(`\${${kind === undefined ? '' : `${kind}:`}${name}} has no value: set it, or write \${${name}:-default}`)
  })
}
