/// How the edge asks command nodes.
@NullMarked
package dev.flotilla.gateway.command;

import org.jspecify.annotations.NullMarked;
