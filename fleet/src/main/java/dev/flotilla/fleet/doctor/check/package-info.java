/// One file for each thing that the doctor looks at.
@NullMarked
package dev.flotilla.fleet.doctor.check;

import org.jspecify.annotations.NullMarked;
