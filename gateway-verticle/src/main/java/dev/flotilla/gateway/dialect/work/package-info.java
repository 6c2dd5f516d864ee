/// The work dialect: `flotilla.work.v1` in binary frames, see `work.proto`.
@NullMarked
package dev.flotilla.gateway.dialect.work;

import org.jspecify.annotations.NullMarked;
