/// A client of the control dialect, for the benchmark and the end-to-end tests.
@NullMarked
package dev.flotilla.fleet.client;

import org.jspecify.annotations.NullMarked;
