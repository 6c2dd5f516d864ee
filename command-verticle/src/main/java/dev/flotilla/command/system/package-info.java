/// How the fleet is, in one answer.
@NullMarked
package dev.flotilla.command.system;

import org.jspecify.annotations.NullMarked;
