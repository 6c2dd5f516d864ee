/// What exists and how it is: instances, their links, and which of them a task goes to.
@NullMarked
package dev.flotilla.registry;

import org.jspecify.annotations.NullMarked;
