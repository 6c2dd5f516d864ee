/// Sessions over gateway nodes: how many each has, who should have how many, and the order to move
/// some.
@NullMarked
package dev.flotilla.balance;

import org.jspecify.annotations.NullMarked;
