package dev.flotilla.registry.routing;

/// What speaks for or against an instance, for one task.
enum Standing {
  /// A run of the task may still be there.
  BOUND(0, "an earlier attempt of the task may still run there"),
  HOME(1, "the conversation is there"),
  NEAR(2, "it can take the task"),
  REGION(3, "it is in the tenant's region, but in another zone"),
  SLOW(4, "it takes much longer than others to begin a run"),
  ELSEWHERE(5, "it is in another region than the tenant's"),
  SLOW_ELSEWHERE(6, "it is in another region, and slow"),
  LAST_RESORT(7, "it is ejected, but too few others are left"),

  EJECTED(Standing.NEVER, "it takes nothing"),
  UNREADY(Standing.NEVER, "it takes nothing"),
  AWAY(Standing.NEVER, "the conversation is at another instance"),
  UNWATCHED(Standing.NEVER, "no node watches it"),
  OWNERLESS(Standing.NEVER, "no node holds its link"),

  /// The instance of another tenant. Nobody is told of it.
  HIDDEN(Standing.BARRED, "it serves another tenant"),
  DEDICATED_ONLY(Standing.BARRED, "the tenant's policy excludes the shared pool"),
  LACKS(Standing.BARRED, "it does not offer what the task asks for"),
  FOREIGN(Standing.BARRED, "the tenant's policy keeps tasks in another region");

  private static final int NEVER = 100;
  private static final int BARRED = 200;

  private final int group;
  private final String words;

  Standing(int group, String words) {
    this.group = group;
    this.words = words;
  }

  boolean candidate() {
    return group < NEVER;
  }

  /// True where the instance could take such a task on a better day.
  boolean usable() {
    return group < BARRED;
  }

  /// Candidates of a lower one are used up before those of a higher one.
  int group() {
    return group;
  }

  String words() {
    return words;
  }
}
