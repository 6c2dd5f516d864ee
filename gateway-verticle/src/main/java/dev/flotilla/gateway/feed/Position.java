package dev.flotilla.gateway.feed;

/// A place in a tenant's log: everything up to it has been seen.
public record Position(String epoch, long seq) {
  public Position at(long newSeq) {
    return new Position(epoch, newSeq);
  }
}
