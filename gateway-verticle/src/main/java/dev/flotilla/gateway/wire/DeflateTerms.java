package dev.flotilla.gateway.wire;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the two ends of a socket agree on about compressing messages (RFC 7692). Whatever a client
/// offers, neither end looks back beyond a message: no socket costs a window, and what is
/// compressed once is good for all.
///
/// @param windowBits how far back a compressed message may refer, at most: one that is longer than
///     that goes uncompressed
/// @param windowNamed whether the client has asked for that limit
public record DeflateTerms(int windowBits, boolean windowNamed) {
  private static final String NAME = "permessage-deflate";
  private static final int LARGEST_WINDOW = 15;
  private static final Pattern PARAMETER = Pattern.compile("([A-Za-z_-]+)(?:=\"?([0-9]+)\"?)?");
  private static final Pattern WINDOW = Pattern.compile("[89]|1[0-5]");

  /// The first of the offers that can be taken, null where none can: then nothing is compressed.
  ///
  /// @param headers values of `Sec-WebSocket-Extensions`
  public static @Nullable DeflateTerms of(List<String> headers) {
    for (String header : headers) {
      for (String offer : header.split(",", -1)) {
        DeflateTerms terms = offer(List.of(offer.strip().split("\\s*;\\s*", -1)));
        if (terms != null) {
          return terms;
        }
      }
    }
    return null;
  }

  /// What the client is told.
  public String answer() {
    String window = windowNamed ? "; server_max_window_bits=" + windowBits : "";
    return NAME + "; server_no_context_takeover; client_no_context_takeover" + window;
  }

  /// Longer messages go as they are.
  public int longest() {
    return windowBits == LARGEST_WINDOW ? Integer.MAX_VALUE : 1 << windowBits;
  }

  /// An offer with anything that is not understood is declined as a whole.
  private static @Nullable DeflateTerms offer(List<String> parts) {
    if (!parts.getFirst().equals(NAME)) {
      return null;
    }
    Set<String> seen = new HashSet<>();
    DeflateTerms terms = new DeflateTerms(LARGEST_WINDOW, false);
    for (String part : parts.subList(1, parts.size())) {
      Matcher parameter = PARAMETER.matcher(part);
      if (!parameter.matches() || !seen.add(parameter.group(1))) {
        return null;
      }
      String value = parameter.group(2);
      switch (parameter.group(1)) {
        case "server_no_context_takeover", "client_no_context_takeover" -> {
          if (value != null) {
            return null;
          }
        }
        case "client_max_window_bits" -> {
          if (value != null && !WINDOW.matcher(value).matches()) {
            return null;
          }
        }
        case "server_max_window_bits" -> {
          if (value == null || !WINDOW.matcher(value).matches()) {
            return null;
          }
          terms = new DeflateTerms(Integer.parseInt(value), true);
        }
        default -> {
          return null;
        }
      }
    }
    return terms;
  }
}
