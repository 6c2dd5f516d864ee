package dev.flotilla.account;

/// @param ended false where there was no session to end
public record LoggedOut(boolean ended) {}
