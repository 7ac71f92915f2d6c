/** The door of the package. */

export {}
