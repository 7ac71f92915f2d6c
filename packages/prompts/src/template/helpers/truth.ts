/** What counts as nothing in a template. */

/** As in Handlebars: undefined, null, false, '', 0, NaN and the empty list. */
export function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0)
}
