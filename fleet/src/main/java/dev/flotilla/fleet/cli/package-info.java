/// The command line.
@NullMarked
package dev.flotilla.fleet.cli;

import org.jspecify.annotations.NullMarked;
