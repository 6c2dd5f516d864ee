/// Instances for tests: a scripted one in this process, and real OpenClaw gateways.
@NullMarked
package dev.flotilla.registry.testkit;

import org.jspecify.annotations.NullMarked;
