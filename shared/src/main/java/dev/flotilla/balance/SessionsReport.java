package dev.flotilla.balance;

import dev.flotilla.identity.NodeId;

/// How it is with the sessions of a gateway node.
///
/// @param sessions that it has, those that are about to leave included
/// @param leaving of them have been ordered elsewhere and are still here
/// @param draining true where the node is about to stop: it takes nobody
public record SessionsReport(NodeId node, int sessions, int leaving, boolean draining) {}
