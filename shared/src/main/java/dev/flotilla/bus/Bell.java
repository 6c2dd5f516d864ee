package dev.flotilla.bus;

/// A message that says nothing but "look again".
public record Bell() {}
