package dev.flotilla.bus;

/// An address where a question gets one answer.
public record Ask<Q, A>(String address, Class<Q> question, Class<A> answer) {}
