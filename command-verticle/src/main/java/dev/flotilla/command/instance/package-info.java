/// Instances: what operators want of them, merged with how they are.
@NullMarked
package dev.flotilla.command.instance;

import org.jspecify.annotations.NullMarked;
