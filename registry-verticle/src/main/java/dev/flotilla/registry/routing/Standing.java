package dev.flotilla.registry.routing;

/// What speaks for or against an instance, for one task. Those that speak for it come in the order
/// in which candidates are used up.
enum Standing {
  /// A run of the task may still be there.
  BOUND(true, "an earlier attempt of the task may still run there"),
  HOME(true, "the conversation is there"),
  NEAR(true, "it can take the task"),
  REGION(true, "it is in the tenant's region, but in another zone"),
  SLOW(true, "it takes much longer than others to begin a run"),
  ELSEWHERE(true, "it is in another region than the tenant's"),
  SLOW_ELSEWHERE(true, "it is in another region, and slow"),
  LAST_RESORT(true, "it is ejected, but too few others are left"),

  /// The instance of another tenant. Nobody is told of it.
  HIDDEN(false, "it serves another tenant"),
  DEDICATED_ONLY(false, "the tenant's policy excludes the shared pool"),
  LACKS(false, "it does not offer what the task asks for"),
  FOREIGN(false, "the tenant's policy keeps tasks in another region"),
  UNWATCHED(false, "no node watches it"),
  UNREADY(false, "it takes nothing"),
  AWAY(false, "the conversation is at another instance"),
  OWNERLESS(false, "no node holds its link");

  private final boolean candidate;
  private final String words;

  Standing(boolean candidate, String words) {
    this.candidate = candidate;
    this.words = words;
  }

  boolean candidate() {
    return candidate;
  }

  String words() {
    return words;
  }
}
