package dev.flotilla.contract;

import org.jspecify.annotations.Nullable;

/// The fleet's connection to an instance.
///
/// @param action a command that an operator has to run so that it goes on
public record LinkView(LinkStatus status, @Nullable String action) {
  public static LinkView of(LinkStatus status) {
    return new LinkView(status, null);
  }
}
