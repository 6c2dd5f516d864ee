/// Who on this event loop wants which topic.
@NullMarked
package dev.flotilla.gateway.hub;

import org.jspecify.annotations.NullMarked;
