/// How log lines look and where they go.
@NullMarked
package dev.flotilla.fleet.logging;

import org.jspecify.annotations.NullMarked;
