package dev.flotilla.presence;

import java.util.List;

/// What a node learns when it prolongs its lease.
///
/// @param epoch names the roster; another one than before means that Redis has lost the old one
/// @param known false where the roster did not have the node: it is new, or was silent too long
/// @param gone users of silent nodes who are nowhere any more; nobody else is told of them
/// @param more true where silent nodes are left
public record Beat(String epoch, boolean known, List<Who> gone, boolean more) {}
