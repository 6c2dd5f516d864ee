/// Telling everybody something.
@NullMarked
package dev.flotilla.command.alert;

import org.jspecify.annotations.NullMarked;
