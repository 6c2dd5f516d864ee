package dev.flotilla.gateway.wire;

/// How the messages of one socket are compressed: its event loop's compressor, on the terms that
/// were agreed on.
public record Compression(Compressor compressor, DeflateTerms terms) {

  /// What is sent instead of the message.
  public Encoded of(Encoded message) {
    return message instanceof Frame frame ? frame.compressed(compressor, terms) : message;
  }
}
