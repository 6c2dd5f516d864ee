/// `flotilla up`: embedded stores and nodes as one supervised fleet.
@NullMarked
package dev.flotilla.fleet.up;

import org.jspecify.annotations.NullMarked;
