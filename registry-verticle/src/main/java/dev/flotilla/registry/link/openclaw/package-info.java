/// The wire to an OpenClaw gateway, protocol 4.
@NullMarked
package dev.flotilla.registry.link.openclaw;

import org.jspecify.annotations.NullMarked;
