package dev.flotilla.bus;

/// An address where a message gets no answer and may be lost: a doorbell.
public record Tell<M>(String address, Class<M> message) {}
