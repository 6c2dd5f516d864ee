/// What every module's tests stand on: real stores, a configuration, free ports.
@NullMarked
package dev.flotilla.testkit;

import org.jspecify.annotations.NullMarked;
