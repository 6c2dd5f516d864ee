package dev.flotilla.gateway.http;

/// Where sessions begin.
public record Entrances(SocketRoutes sockets, StreamRoute stream) {}
