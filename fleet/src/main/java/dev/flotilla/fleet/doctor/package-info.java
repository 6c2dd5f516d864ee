/// `flotilla doctor`: what is looked at, by whom, and how it is told.
@NullMarked
package dev.flotilla.fleet.doctor;

import org.jspecify.annotations.NullMarked;
