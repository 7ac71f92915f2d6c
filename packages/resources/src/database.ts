/** The door of this part of the package. */

export {}
