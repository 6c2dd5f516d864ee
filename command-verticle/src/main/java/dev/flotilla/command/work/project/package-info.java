/// Projects.
@NullMarked
package dev.flotilla.command.work.project;

import org.jspecify.annotations.NullMarked;
