/// Rules of the house: dependencies, format, generated files.
@NullMarked
package dev.flotilla.house;

import org.jspecify.annotations.NullMarked;
