/// Tenants: what they may have, and how they are let in, kept out, read and deleted as a whole.
@NullMarked
package dev.flotilla.command.tenant;

import org.jspecify.annotations.NullMarked;
