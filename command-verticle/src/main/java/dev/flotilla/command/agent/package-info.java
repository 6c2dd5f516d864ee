/// Agents, as far as their tenants' tasks show what they do.
@NullMarked
package dev.flotilla.command.agent;

import org.jspecify.annotations.NullMarked;
