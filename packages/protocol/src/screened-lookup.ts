/** Looking names up so that the addresses that were looked at are those that are connected to: a name that changes its mind gains nothing (THREATS 8, T16). */

/** An address of a name, as Node's `dns` gives it. */
export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** What a socket calls to look a name up: Node's `LookupFunction`. */
export type ScreenedLookup = (
  name: string,
  options: { readonly all?: boolean | undefined },
  callback: (error: Error | null, address: string | ResolvedAddress[], family?: number) => void,
) => void

/**
 * For the `lookup` option of a connection.
 * @param resolve gives all addresses of a name
 * @param refusal the error for a name with an address that may not be connected to, or with none at all
 */
export function screenedLookup(
  resolve: (name: string) => Promise<readonly ResolvedAddress[]>,
  refusal: (name: string, addresses: readonly string[]) => Error | undefined,
): ScreenedLookup {
  return (name, { all }, callback) => {
    resolve(name).then(
      addresses => {
        const refused = refusal(
          name,
          addresses.map(({ address }) => address),
        )
        const [first] = addresses
        if (refused !== undefined || first === undefined) return callback(refused ?? new Error(`${name} has no address`), '', 4)
        if (all === true) callback(null, [...addresses])
        else callback(null, first.address, first.family)
      },
      (cause: unknown) => callback(cause as Error, '', 4),
    )
  }
}
