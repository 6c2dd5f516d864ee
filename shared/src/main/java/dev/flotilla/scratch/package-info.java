/// Directories for as long as somebody wants them: stores of tests, of benches and of trial fleets.
@NullMarked
package dev.flotilla.scratch;

import org.jspecify.annotations.NullMarked;
