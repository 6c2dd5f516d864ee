/// Who is online.
@NullMarked
package dev.flotilla.command.presence;

import org.jspecify.annotations.NullMarked;
