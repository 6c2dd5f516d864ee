/// What command nodes and registry nodes say to each other about running a task.
@NullMarked
package dev.flotilla.dispatch;

import org.jspecify.annotations.NullMarked;
