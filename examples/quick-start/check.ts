/** The quick start checks itself: it asserts each answer. */

import './start.ts'
