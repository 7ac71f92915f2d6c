/** The client door of @oarlock/stdio. */
export {}
